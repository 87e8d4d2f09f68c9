// Every name that package.json declares too; test/laws/contributions.test.ts compares the two.
import * as vscode from 'vscode';

export const commandIds = [
  'agentTraces.openTraceFile',
  'agentTraces.openAsTraceFile',
  'agentTraces.importRecording',
  'agentTraces.startReceiver',
  'agentTraces.stopReceiver',
  'agentTraces.copyReceiverVariables',
  'agentTraces.showOverview',
  'agentTraces.closeTraceFile',
  'agentTraces.refresh',
  'agentTraces.search',
  'agentTraces.pauseFollowing',
  'agentTraces.resumeFollowing',
  'agentTraces.filterRuns',
  'agentTraces.clearFilter',
  'agentTraces.loadMore',
  'agentTraces.showSpan',
  'agentTraces.goToCause',
  'agentTraces.goToNextFailure',
  'agentTraces.goToPreviousFailure',
  'agentTraces.goToNextCall',
  'agentTraces.goToPreviousCall',
  'agentTraces.goToSource',
  'agentTraces.revealInRunTree',
  'agentTraces.copySpanId',
  'agentTraces.copySpanAsJson',
  'agentTraces.copySpanAsMarkdown',
  'agentTraces.openPrompt',
  'agentTraces.openResponse',
  'agentTraces.replaySpan',
  'agentTraces.replayRun',
  'agentTraces.replayRunUnderDebugger',
  'agentTraces.replayUpToHere',
  'agentTraces.startEditedReplay',
  'agentTraces.stopReplay',
  'agentTraces.sendReplay',
  'agentTraces.cancelReplay',
  'agentTraces.restoreRequest',
  'agentTraces.showReplay',
  'agentTraces.deleteReplay',
  'agentTraces.deleteReplays',
  'agentTraces.setApiKey',
  'agentTraces.deleteApiKey',
  'agentTraces.export',
  'agentTraces.compareWith',
  'agentTraces.showFailures',
  'agentTraces.showAlerts',
  'agentTraces.editAlerts',
  'agentTraces.openWalkthrough',
  'agentTraces.showLog',
  'agentTraces.trySample',
  'agentTraces.recordCopilot',
] as const;
export type CommandId = (typeof commandIds)[number];

/**
 * What a command is called with: a row of the tree, a SpanRef from a page, `here` from a keybinding
 * (the span that is shown), or nothing (the palette). A keybinding's `tree` was replaced by the selected
 * row. Other extensions may pass anything at all.
 */
export type CommandHandler = (target: unknown) => unknown;

/** The arguments of our keybindings, which tell them from the palette: in a page, and in the tree. */
export const here = 'here';
export const inTree = 'tree';

/** In package.json, behind our own id. */
export const walkthroughId = 'start';

export const viewIds = {
  runs: 'agentTraces.runs',
} as const;

export const panelTypes = {
  span: 'agentTraces.span',
  compare: 'agentTraces.compare',
  replay: 'agentTraces.replay',
} as const;

/** One document type each for what opens here by default and for what only may: priority is per type. */
export const editorTypes = {
  runs: 'agentTraces.runs',
  runsOptional: 'agentTraces.runsOptional',
} as const;

/** Scheme of the read-only documents that hold a span's texts. */
export const textScheme = 'agent-trace';
/** Of the two requests of a replay that differ. */
export const requestScheme = 'agent-trace-request';
/** Of recorded answers that are edited for a replay. */
export const answerScheme = 'agent-trace-answer';
/** Scheme of the recorded requests that can be edited. */
export const callScheme = 'agent-replay';
/** Of what tools gave that were run again, beside what was recorded. */
export const toolScheme = 'agent-trace-tool';
/** Scheme of the documents that show what an export would send. */
export const exportScheme = 'agent-trace-export';
/** Scheme of the uris that rows carry only to be coloured by. */
export const rowScheme = 'agent-trace-row';

export interface Settings {
  readonly 'agentTraces.files.include': readonly string[];
  readonly 'agentTraces.files.maximumFound': number;
  readonly 'agentTraces.staleAfterMinutes': number;
  readonly 'agentTraces.prices': Readonly<Record<string, unknown>>;
  readonly 'agentTraces.receiver.enabled': boolean;
  readonly 'agentTraces.receiver.port': number;
  readonly 'agentTraces.receiver.terminals': boolean;
  readonly 'agentTraces.receiver.token': boolean;
  readonly 'agentTraces.receiver.keepDays': number;
  readonly 'agentTraces.receiver.maximumMb': number;
  readonly 'agentTraces.claudeCode.enabled': boolean;
  readonly 'agentTraces.claudeCode.transcripts': number;
  readonly 'agentTraces.problems.enabled': boolean;
  readonly 'agentTraces.replay.baseUrl': string;
  readonly 'agentTraces.replay.file': string;
  readonly 'agentTraces.alerts.enabled': boolean;
  readonly 'agentTraces.alerts.rules': readonly unknown[];
  readonly 'agentTraces.insights.loopRepeats': number;
  readonly 'agentTraces.insights.retries': number;
  readonly 'agentTraces.insights.spikeFactor': number;
  readonly 'agentTraces.insights.latencyFactor': number;
  readonly 'agentTraces.insights.leastHistory': number;
  readonly 'agentTraces.insights.contextShare': number;
  readonly 'agentTraces.replay.tools': Readonly<Record<string, unknown>>;
  readonly 'agentTraces.replay.then': string;
  readonly 'agentTraces.replay.onDifference': string;
  readonly 'agentTraces.replay.recordedTiming': boolean;
  readonly 'agentTraces.replay.ignore': readonly string[];
  readonly 'agentTraces.replay.recordRuns': boolean;
}

export interface ContextKeys {
  readonly 'agentTraces.filtered': boolean;
  /** The workspace was looked through, so that an empty tree means that there is nothing. */
  readonly 'agentTraces.searched': boolean;
  /** Copilot Chat is here, and does not record. */
  readonly 'agentTraces.copilotOff': boolean;
  /** There are processes and sockets here. */
  readonly 'agentTraces.hasProcesses': boolean;
  readonly 'agentTraces.receiving': boolean;
  /** There are processes here, and the workspace is trusted. */
  readonly 'agentTraces.canReplayRuns': boolean;
  /** Requests can be sent from here. */
  readonly 'agentTraces.canReplay': boolean;
  /** A request was sent, and its answer is awaited. */
  readonly 'agentTraces.sendingReplay': boolean;
  readonly 'agentTraces.replaying': boolean;
}

export const settingIds = [
  'agentTraces.files.include',
  'agentTraces.files.maximumFound',
  'agentTraces.staleAfterMinutes',
  'agentTraces.prices',
  'agentTraces.receiver.enabled',
  'agentTraces.receiver.port',
  'agentTraces.receiver.terminals',
  'agentTraces.receiver.token',
  'agentTraces.receiver.keepDays',
  'agentTraces.receiver.maximumMb',
  'agentTraces.claudeCode.enabled',
  'agentTraces.claudeCode.transcripts',
  'agentTraces.problems.enabled',
  'agentTraces.replay.baseUrl',
  'agentTraces.replay.file',
  'agentTraces.alerts.enabled',
  'agentTraces.alerts.rules',
  'agentTraces.insights.loopRepeats',
  'agentTraces.insights.retries',
  'agentTraces.insights.spikeFactor',
  'agentTraces.insights.latencyFactor',
  'agentTraces.insights.leastHistory',
  'agentTraces.insights.contextShare',
  'agentTraces.replay.tools',
  'agentTraces.replay.then',
  'agentTraces.replay.onDifference',
  'agentTraces.replay.recordedTiming',
  'agentTraces.replay.ignore',
  'agentTraces.replay.recordRuns',
] as const satisfies readonly (keyof Settings)[];

export const contextKeys = [
  'agentTraces.filtered',
  'agentTraces.searched',
  'agentTraces.copilotOff',
  'agentTraces.hasProcesses',
  'agentTraces.receiving',
  'agentTraces.canReplayRuns',
  'agentTraces.canReplay',
  'agentTraces.sendingReplay',
  'agentTraces.replaying',
] as const satisfies readonly (keyof ContextKeys)[];

/** Ends once the window has set it. */
export function setContext<K extends keyof ContextKeys>(
  key: K,
  value: ContextKeys[K],
): Thenable<unknown> {
  return vscode.commands.executeCommand('setContext', key, value);
}

export function runCommand(id: CommandId, target?: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand(id, target);
}
