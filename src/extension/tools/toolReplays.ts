import * as vscode from 'vscode';
import { oneLine } from '../../core/describe.ts';
import { TraceError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { compareResults, type ResultComparison } from '../../core/replay/compareResults.ts';
import {
  longestToolMetadata,
  registeredName,
  type ToolCall,
  toolCall,
} from '../../core/replay/toolCall.ts';
import type { PreparedTool, ToolOutcome } from '../../core/replay/toolTypes.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import type { SpanDetail } from '../../protocol/reader.ts';
import { errorWords, type Step, say } from '../errors.ts';
import { type Log, logError } from '../log.ts';
import type { Replayer, ToolHost } from '../platform.ts';
import type { KeptReplays } from '../replay/kept.ts';
import { originFile } from '../replay/recordedCall.ts';
import { detailOf, wholeText } from '../textDocuments.ts';
import type { TraceFiles } from '../traceFiles.ts';
import { nameOf } from '../treeItems.ts';
import { localToolWords } from '../words.ts';
import { askInputs, confirmTool, isAllowed } from './ask.ts';
import { registerTool, showRegistration, type ToolFolder, toolFolder } from './registration.ts';
import type { ToolResultDocuments } from './resultDocuments.ts';

export interface ToolReplayParts {
  readonly host: ToolHost;
  readonly replayer: Pick<Replayer, 'keepTool' | 'git'>;
  readonly kept: Pick<KeptReplays, 'path' | 'changed'>;
  readonly files: TraceFiles;
  readonly log: Log;
  /** Of the workspace. */
  readonly state: vscode.Memento;
  readonly documents: Pick<ToolResultDocuments, 'uriOf'>;
}

/** Runs tools of recorded calls again, where the user has registered them. */
export class ToolReplays {
  /** Asks whether a tool may be run. */
  confirm: (tool: PreparedTool) => Thenable<boolean> = confirmTool;
  isTrusted = (): boolean => vscode.workspace.isTrusted;
  private readonly inputs = new Map<string, string>();
  private readonly parts: ToolReplayParts;

  constructor(parts: ToolReplayParts) {
    this.parts = parts;
  }

  /** @param instead what else can be done with the call, where its tool cannot be run */
  async replay(ref: SpanRef, instead: Step | undefined): Promise<void> {
    const t = vscode.l10n.t;
    const detail = await detailOf(this.parts.files, ref);
    const name = nameOf(registeredName(detail.span));
    const others = instead ? [instead] : [];
    if (!this.isTrusted()) {
      const words = t('“{0}” is not run: tools run only in a workspace that you trust.', name);
      return say('info', words, [
        {
          title: t('Manage Workspace Trust'),
          act: () => vscode.commands.executeCommand('workbench.trust.manage'),
        },
        ...others,
      ]);
    }
    let steps = others;
    try {
      const call = await this.callOf(ref, detail);
      const folder = firstFolder(ref);
      if (folder) {
        const show = () => showRegistration(folder, call.tool);
        steps = [{ title: t('Show Settings'), act: show }, ...others];
      }
      const place = toolFolder(ref.file, call.tool);
      steps = others;
      if (!place.definition) return this.offerRegistration(place.uri, call.tool, others);
      await this.run({ ref, detail, call, place, definition: place.definition });
    } catch (error) {
      const known = TraceError.from(error);
      if (!/^tool/.test(known.code)) throw error;
      this.parts.log.info(`a tool was not run: ${known.code}`);
      say('error', errorWords(known), known.code === 'toolDefinition' ? steps : others);
    }
  }

  private offerRegistration(folder: vscode.Uri, tool: string, others: readonly Step[]): void {
    const t = vscode.l10n.t;
    const words = t(
      '“{0}” is not registered as a tool that is safe to run again. Register how it is run in the setting agentTraces.replay.tools.',
      nameOf(tool),
    );
    const register = async (): Promise<void> => {
      try {
        await registerTool(folder, tool);
      } catch (error) {
        logError(this.parts.log, 'registering a tool', error);
        say('error', errorWords(error), []);
      }
    };
    say('info', words, [{ title: t('Register Tool'), act: register }, ...others]);
  }

  private async callOf(ref: SpanRef, { span }: SpanDetail): Promise<ToolCall> {
    const { files } = this.parts;
    const name = nameOf(registeredName(span));
    const [metadata, error] = await Promise.all([
      wholeText(files, ref, 'metadata', longestToolMetadata),
      wholeText(files, ref, 'error'),
    ]);
    if (metadata && metadata.text.length < metadata.chars) {
      throw new TraceError('toolInputTooLarge', [name, formatBytes(longestToolMetadata)]);
    }
    const recorded = { name, metadata: metadata?.text, error: error?.text };
    return toolCall(registeredName(span), recorded);
  }

  private async run({ ref, detail, call, place, definition }: Asked): Promise<void> {
    const { host, replayer, kept, state, log } = this.parts;
    const words = localToolWords();
    const tool = host.prepare(definition, place.uri.fsPath, words);
    if (!(await isAllowed(tool, state, this.confirm))) return;
    const inputs = await askInputs(tool, this.inputs);
    if (!inputs) return;
    const name = nameOf(call.tool);
    const outcome = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Running “{0}”', oneLine(name)),
        cancellable: true,
      },
      (_, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        return host.run(tool, call, inputs, { words, signal: controller.signal });
      },
    );
    if (outcome.error?.code === 'cancelled') {
      vscode.window.setStatusBarMessage(vscode.l10n.t('“{0}” was stopped.', name), 5000);
      return;
    }
    // A wrong password must not be kept.
    if (outcome.error) this.inputs.clear();
    const { runId, spanId, name: spanName } = detail.span;
    const origin = { runId, spanId, file: originFile(ref.file), name: spanName };
    await this.show(name, call, outcome);
    try {
      const git = await replayer.git(tool.folder);
      await replayer.keepTool(kept.path, { origin, call, definition, outcome, git });
      await kept.changed();
    } catch (error) {
      logError(log, 'keeping a replay', error);
      say('error', errorWords(error), []);
    }
  }

  /** A replay that was kept, beside what was recorded, where that is still there. */
  async showKept(replayed: SpanRef, original: SpanRef): Promise<void> {
    const { files, log } = this.parts;
    const detail = await detailOf(files, replayed);
    const name = nameOf(registeredName(detail.span));
    const now = (await this.callOf(replayed, detail)).recorded;
    let before: ToolCall['recorded'];
    try {
      before = (await this.callOf(original, await detailOf(files, original))).recorded;
    } catch (error) {
      // The file that it was recorded in may be gone; the replay is there all the same.
      logError(log, 'the original of a replay', error);
    }
    const compared = now && before ? compareResults(before.text, now.text) : undefined;
    if (now || compared) await this.open(name, compared, now?.text);
    else say('info', vscode.l10n.t('“{0}” gave nothing.', name), []);
  }

  /** Both results in the diff editor; where only one is there, that one. */
  private async open(
    name: string,
    compared: ResultComparison | undefined,
    text: string | undefined,
  ): Promise<void> {
    const t = vscode.l10n.t;
    const { documents } = this.parts;
    if (compared) {
      const { json } = compared;
      await vscode.commands.executeCommand(
        'vscode.diff',
        documents.uriOf(name, t('recorded'), compared.recorded, json),
        documents.uriOf(name, t('replayed'), compared.replayed, json),
        t('{0}: recorded ↔ replayed', name),
        { preview: false },
      );
    } else if (text !== undefined) {
      const uri = documents.uriOf(name, t('replayed'), text, /^\s*[[{]/.test(text));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    }
  }

  /** Both results, and in words whether they are the same. */
  private async show(name: string, call: ToolCall, outcome: ToolOutcome): Promise<void> {
    const t = vscode.l10n.t;
    const { documents, log } = this.parts;
    const { recorded } = call;
    const came = outcome.error ? outcome.failure : outcome.text;
    const compared =
      recorded && came !== undefined ? compareResults(recorded.text, came) : undefined;
    await this.open(name, compared, came ?? outcome.text);
    const steps: Step[] = [];
    if (outcome.log.trim() !== '') {
      const act = async (): Promise<void> => {
        const uri = documents.uriOf(name, t('error output'), outcome.log, false);
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      };
      steps.push({ title: t('Show Error Output'), act });
    }
    log.info(`a tool was run again: ${outcome.error?.code ?? 'ok'}`);
    const same = compared?.same ? t('It failed so when it was recorded.') : '';
    if (outcome.error) {
      return say('error', [errorWords(outcome.error), same].filter(Boolean).join(' '), steps);
    }
    const cut =
      recorded?.cut === undefined
        ? []
        : [t('Something was taken out of the recorded one: {0}', oneLine(recorded.cut, 200))];
    const lost = compared?.lostJson
      ? [
          t(
            'The recorded one is JSON and this is none: see that the tool prints its result alone, and all else on its error output.',
          ),
        ]
      : [];
    say('info', [resultWords(name, call, compared), ...lost, ...cut].join(' '), steps);
  }
}

interface Asked {
  readonly ref: SpanRef;
  readonly detail: SpanDetail;
  readonly call: ToolCall;
  readonly place: ToolFolder;
  readonly definition: NonNullable<ToolFolder['definition']>;
}

function resultWords(
  name: string,
  { recorded }: ToolCall,
  compared: ResultComparison | undefined,
): string {
  const t = vscode.l10n.t;
  if (!compared) return t('“{0}” ran. No result was recorded to compare with.', name);
  if (recorded?.failed) return t('“{0}” gave a result; it failed when it was recorded.', name);
  if (compared.same) return t('“{0}” gave the recorded result.', name);
  return compared.at === undefined
    ? t('“{0}” gave another result than the recorded one.', name)
    : t(
        '“{0}” gave another result than the recorded one, first at {1}.',
        name,
        oneLine(compared.at, 200),
      );
}

const firstFolder = (ref: SpanRef): vscode.Uri | undefined =>
  (
    vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(ref.file)) ??
    vscode.workspace.workspaceFolders?.[0]
  )?.uri;
