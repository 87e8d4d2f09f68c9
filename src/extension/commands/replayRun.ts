import * as vscode from 'vscode';
import { fillIn } from '../../core/errors.ts';
import { ReplayError } from '../../core/replay/replayError.ts';
import { callFrom, type RunScript } from '../../core/replay/script.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import { say, showInfo } from '../errors.ts';
import { editedAnswer, isProblem } from '../replayRun/answers.ts';
import { type Environment, environmentOf, launchConfigurations } from '../replayRun/debug.ts';
import { askFromThere, askLaunch, noConfiguration } from '../replayRun/picks.ts';
import {
  type GivenReplay,
  givenReplay,
  isLive,
  type Launch,
  type ReplayChoices,
  type ReplaySpec,
  settingChoices,
} from '../replayRun/spec.ts';
import { clock } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import { localReplayWords } from '../words.ts';
import type { CommandContext, RunReplaying } from './context.ts';
import { runOrAsk, spanOrAsk } from './target.ts';

type What = 'run' | 'debugger' | 'upToHere';

/** Runs the program of a recorded run again, with the model's answers as recorded. */
export function replayRun(context: CommandContext, what: What) {
  return async (target: unknown): Promise<void> => {
    const { replaying } = context;
    if (!replaying) return sayNoMachine();
    if (!vscode.workspace.isTrusted) return sayUntrusted();
    const title = titleOf(what);
    const ref =
      what === 'upToHere'
        ? await spanOrAsk(context, target, { title, only: 'any' })
        : await runOrAsk(context, target, title);
    if (!ref) return;
    const read = await readScript(context, replaying, ref);
    if (!read) return;
    const given = givenReplay(target);
    const chosen = await choicesOf(replaying, { title, what, given, ...read });
    if (!chosen || !(await isMeant(chosen, replaying.machine.own))) return;
    await replaying.runs.start(chosen.spec, chosen.launch);
  };
}

export const startEdited =
  ({ replaying }: CommandContext) =>
  async (): Promise<void> =>
    replaying ? replaying.answers.start() : sayNoMachine();

export const stopReplay =
  ({ replaying }: CommandContext) =>
  async (): Promise<void> =>
    replaying ? replaying.runs.stop() : sayNoMachine();

const sayNoMachine = (): void =>
  showInfo(
    vscode.l10n.t(
      'A run is replayed by a program on your machine, which VS Code for the Web has no way to. Open the folder in VS Code on the desktop.',
    ),
  );

function titleOf(what: What): string {
  const t = vscode.l10n.t;
  if (what === 'upToHere') return t('Replay Up to Here');
  return what === 'run' ? t('Replay Run') : t('Replay Run Under Debugger');
}

function sayUntrusted(): void {
  const t = vscode.l10n.t;
  showInfo(
    t('A replay runs your program, and this workspace is not trusted. Trust it first.'),
    t('Manage Workspace Trust'),
    () => vscode.commands.executeCommand('workbench.trust.manage'),
  );
}

interface ReadScript {
  readonly ref: SpanRef;
  readonly script: RunScript;
  /** The first call from the span on, and its name. */
  readonly from: number;
}

/** Undefined where there is nothing to replay, which is said. */
async function readScript(
  { files, show }: CommandContext,
  { machine }: RunReplaying,
  ref: SpanRef,
): Promise<ReadScript | undefined> {
  const { file, spanId } = ref;
  try {
    return await files.use(file, async reader => {
      const { span, run } = await reader.span(file, spanId, clock());
      const { runId, rootSpanId } = run;
      const named = { runId, rootSpanId, name: nameOf(run.name) };
      const script = await machine.readScript(reader, file, named, clock());
      return { ref, script, from: callFrom(script, span) };
    });
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    const words = fillIn(localReplayWords()[error.code], error.args);
    say('info', words, [{ title: vscode.l10n.t('Show Span'), act: () => show(ref) }]);
    return undefined;
  }
}

interface Asked extends ReadScript {
  readonly title: string;
  readonly what: What;
  readonly given: GivenReplay;
}

interface Chosen {
  readonly spec: ReplaySpec;
  readonly launch: Launch;
}

async function choicesOf(replaying: RunReplaying, asked: Asked): Promise<Chosen | undefined> {
  const { title, what, given, script, from, ref } = asked;
  const set = settingChoices();
  const launch = givenLaunch(given);
  if (launch === 'missing') return sayMissing(given.configuration ?? '');
  const until = what === 'upToHere' ? from : undefined;
  const call = until === undefined ? undefined : script.exchanges[until];
  let fromThere: ReplayChoices['fromThere'] | undefined =
    given.fromThere ?? (launch ? set.fromThere : undefined);
  if (call && !fromThere) {
    const editable = call.outcome.kind === 'message' && call.spanId === ref.spanId;
    fromThere = await askFromThere(title, nameOf(call.name), set.fromThere, editable);
    if (!fromThere) return undefined;
  }
  let edited: string | undefined;
  if (call && fromThere === 'edited') {
    edited = given.edited ?? (await replaying.answers.edit(nameOf(call.name), answerText(call)));
    if (edited === undefined) return undefined;
    const answer = editedAnswer(edited);
    if (isProblem(answer)) return void say('error', answer.problem, []);
  }
  const choices = { ...set, ...given, fromThere: fromThere ?? set.fromThere };
  const { lastCommandLine } = replaying;
  const pick = { title, debugOnly: what === 'debugger', choices };
  const picked = launch ? { launch, choices } : await askLaunch(pick, lastCommandLine.get());
  if (!picked) return undefined;
  if (picked.launch.kind === 'terminal') await lastCommandLine.set(picked.launch.commandLine);
  const { onDifference, timing } = picked.choices;
  const spec = { file: ref.file, script, until, edited };
  return {
    spec: { ...spec, fromThere: choices.fromThere, onDifference, timing },
    launch: picked.launch,
  };
}

const answerText = ({ outcome }: RunScript['exchanges'][number]): string =>
  `${JSON.stringify(outcome.kind === 'message' ? outcome.message : {}, undefined, 2)}\n`;

function givenLaunch(given: GivenReplay): Launch | 'missing' | undefined {
  if (given.commandLine !== undefined) {
    return { kind: 'terminal', commandLine: given.commandLine };
  }
  if (given.serverOnly) return { kind: 'server' };
  if (given.configuration === undefined) return undefined;
  const found = launchConfigurations().find(
    ({ configuration }) => configuration.name === given.configuration,
  );
  return found ? { kind: 'configuration', ...found } : 'missing';
}

function sayMissing(name: string): undefined {
  const t = vscode.l10n.t;
  const words =
    launchConfigurations().length > 0
      ? t('No launch configuration “{0}” launches a program here. See .vscode/launch.json.', name)
      : noConfiguration();
  showInfo(words, t('Open launch.json'), () =>
    vscode.commands.executeCommand('workbench.action.debug.configure'),
  );
  return undefined;
}

/** What is billed is asked once more. */
async function isMeant({ spec, launch }: Chosen, own: Environment): Promise<boolean> {
  if (!isLive(spec)) return true;
  const t = vscode.l10n.t;
  const start = t('Replay');
  const given = launch.kind === 'configuration' ? environmentOf(launch.configuration) : {};
  const all = { ...own, ...given };
  const hasKey = all.ANTHROPIC_API_KEY || all.ANTHROPIC_AUTH_TOKEN;
  const detail = [
    t(
      'They go to where ANTHROPIC_BASE_URL of the program points, else to api.anthropic.com, with the program’s own key, and are billed.',
    ),
    hasKey
      ? ''
      : t('No ANTHROPIC_API_KEY is in its environment: set one, unless it reads one itself.'),
  ];
  const chosen = await vscode.window.showWarningMessage(
    t('Requests of this replay may go on to the real API.'),
    { modal: true, detail: detail.filter(Boolean).join('\n\n') },
    start,
  );
  return chosen === start;
}
