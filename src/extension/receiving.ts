import * as vscode from 'vscode';
import { integer } from '../core/format.ts';
import { type RecipeId, receiverVariables } from '../core/receiverRecipes.ts';
import type { PruneLimits } from '../core/traceLimits.ts';
import { DisposableStore } from './disposables.ts';
import { say, showInfo } from './errors.ts';
import { type CommandId, runCommand, setContext } from './ids.ts';
import { type Log, logError } from './log.ts';
import type { ReceivedCounts, ReceiverHandle, StartReceiver } from './platform.ts';
import { onSettingChange, readSetting } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

/** For terminals, which may run any of them. */
const recipes: readonly RecipeId[] = ['any', 'claudeCode', 'anthropicSdk', 'traceloop'];

const nothing: ReceivedCounts = { spans: 0, logs: 0 };
const tokenName = 'agentTraces.receiver.token';

/** The receiver of this window: its process, what it says in the status bar, and what terminals get of it. */
export class Receiving implements vscode.Disposable {
  /** The trace file that it writes; the same for all windows. */
  readonly uri: vscode.Uri;
  private readonly store = new DisposableStore();
  private readonly item: vscode.StatusBarItem;
  private readonly starter: StartReceiver;
  private readonly variables: vscode.EnvironmentVariableCollection;
  private readonly files: TraceFiles;
  private readonly log: Log;
  private starting: Promise<ReceiverHandle | undefined> | undefined;
  private running: ReceiverHandle | undefined;
  /** Of the receiver that runs; the same each time, as it stands in files of variables. */
  token: string | undefined;
  private readonly secrets: vscode.SecretStorage;
  private counts: ReceivedCounts = nothing;

  constructor(
    start: StartReceiver,
    { globalStorageUri, environmentVariableCollection, secrets }: vscode.ExtensionContext,
    files: TraceFiles,
    log: Log,
  ) {
    this.starter = start;
    this.secrets = secrets;
    this.uri = vscode.Uri.joinPath(globalStorageUri, 'received.agent-traces.db');
    this.variables = environmentVariableCollection;
    this.files = files;
    this.log = log;
    // A window that comes back has no receiver yet, and its port may be another one.
    this.variables.persistent = false;
    this.variables.clear();
    const { Left } = vscode.StatusBarAlignment;
    this.item = this.store.add(vscode.window.createStatusBarItem('agentTraces.receiver', Left, 9));
    this.item.name = vscode.l10n.t('Agent Traces: Receiver');
    this.item.command = 'agentTraces.copyReceiverVariables' satisfies CommandId;
    this.store.add(onSettingChange('agentTraces.receiver.terminals', () => this.giveToTerminals()));
    void setContext('agentTraces.hasProcesses', true);
    if (readSetting('agentTraces.receiver.enabled')) void this.startAndSay();
  }

  get url(): string | undefined {
    return this.running?.url;
  }

  get pid(): number | undefined {
    return this.running?.pid;
  }

  /** What the status bar says; undefined while there is nothing. */
  get text(): string | undefined {
    return this.running && this.item.text;
  }

  /** What terminals get under a name. */
  variable(name: string): string | undefined {
    return this.variables.get(name)?.value;
  }

  /** Starts it where it does not run. Undefined where it cannot run, which was said. */
  start(port = readSetting('agentTraces.receiver.port')): Promise<ReceiverHandle | undefined> {
    this.starting ??= this.startAt(port).finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  /** As `start`, and says where it is. */
  async startAndSay(port?: number): Promise<void> {
    const t = vscode.l10n.t;
    const started = await this.start(port);
    if (!started) return;
    showInfo(
      t('Programs that send OpenTelemetry to {0} are recorded.', started.url),
      t('Copy Environment Variables'),
      () => runCommand('agentTraces.copyReceiverVariables'),
    );
  }

  async stop(): Promise<void> {
    await this.starting;
    const { running } = this;
    this.running = undefined;
    this.show();
    await running?.stop();
  }

  private async startAt(port: number): Promise<ReceiverHandle | undefined> {
    if (this.running) return this.running;
    this.counts = nothing;
    try {
      this.token = await this.tokenToAskFor();
      const running = await this.starter(
        { file: this.uri.fsPath, port, token: this.token, keep: limits() },
        {
          counts: counts => this.counted(counts),
          log: line => this.log.info(`receiver: ${line}`),
          ended: why => this.ended(why),
        },
      );
      this.running = running;
      this.show();
      this.log.info(`receiving at ${running.url}`);
      // What it writes is shown as it comes.
      const { id } = this.files.add(this.uri, true);
      this.files.open(id).catch(error => logError(this.log, 'open what is received', error));
      return running;
    } catch (error) {
      this.sayNotStarted(error, port);
      return undefined;
    }
  }

  private sayNotStarted(error: unknown, port: number): void {
    const t = vscode.l10n.t;
    logError(this.log, 'start the receiver', error);
    if ((error as { code?: unknown }).code === 'EADDRINUSE') {
      const words = t('Another program, perhaps another window, has the port {0}.', String(port));
      const other = t('Use Another Port');
      say('error', words, [{ title: other, act: () => this.startAndSay(0) }]);
      return;
    }
    const why = error instanceof Error ? error.message : String(error);
    say('error', t('The receiver could not be started: {0}.', why), [
      { title: t('Show Log'), act: () => runCommand('agentTraces.showLog') },
    ]);
  }

  private async tokenToAskFor(): Promise<string | undefined> {
    if (!readSetting('agentTraces.receiver.token')) return undefined;
    const kept = await this.secrets.get(tokenName);
    if (kept !== undefined) return kept;
    const token = crypto.randomUUID();
    await this.secrets.store(tokenName, token);
    return token;
  }

  private counted(counts: ReceivedCounts): void {
    this.counts = counts;
    if (this.running) this.showCounts(this.running);
  }

  private ended(why: string): void {
    const t = vscode.l10n.t;
    this.running = undefined;
    this.show();
    say('error', t('The receiver has ended: {0}. What it answered is stored.', why), [
      { title: t('Start Receiver'), act: () => this.startAndSay() },
    ]);
  }

  private show(): void {
    const { running } = this;
    void setContext('agentTraces.receiving', running !== undefined);
    this.giveToTerminals();
    if (running) this.showCounts(running);
    else this.item.hide();
  }

  private showCounts(running: ReceiverHandle): void {
    const t = vscode.l10n.t;
    const words = countWords(this.counts);
    // Not the tower: forwarded ports have it beside.
    this.item.text = `$(inbox) ${words.short}`;
    this.item.tooltip = tooltipOf(running.url, words.all);
    this.item.accessibilityInformation = {
      label: t('Receiver of agent traces: {0}. Copies environment variables.', words.all),
    };
    this.item.show();
  }

  /** Not with each count: of each change, terminals that are open say that they are out of date. */
  private giveToTerminals(): void {
    const { running } = this;
    this.variables.clear();
    if (!running || !readSetting('agentTraces.receiver.terminals')) return;
    this.variables.description = vscode.l10n.t(
      'Sends the traces of agents to the receiver of this window',
    );
    for (const recipe of recipes) {
      for (const [name, value] of Object.entries(
        receiverVariables(recipe, running.url, this.token),
      )) {
        this.variables.replace(name, value);
      }
    }
  }

  dispose(): void {
    this.variables.clear();
    // It ends with the window all the same.
    void this.running?.stop();
    this.store.dispose();
  }
}

/** Of a program that sends its log alone, no spans would look as if nothing came. */
function countWords({ spans, logs }: ReceivedCounts) {
  const t = vscode.l10n.t;
  const ofSpans = spans === 1 ? t('1 span') : t('{0} spans', integer(spans));
  const ofLogs = logs === 1 ? t('1 log record') : t('{0} log records', integer(logs));
  const all = logs > 0 ? t('{0}, {1}', ofSpans, ofLogs) : ofSpans;
  return { short: spans === 0 && logs > 0 ? ofLogs : ofSpans, all };
}

function tooltipOf(url: string, counts: string): vscode.MarkdownString {
  const t = vscode.l10n.t;
  const commands = ['agentTraces.copyReceiverVariables', 'agentTraces.stopReceiver'] as const;
  const [copy, stop] = commands satisfies readonly CommandId[];
  const links = `[${t('Copy Environment Variables')}](command:${copy}) · [${t('Stop Receiver')}](command:${stop})`;
  const text = t('Receiving OpenTelemetry at {0}', `\`${url}\``);
  const tooltip = new vscode.MarkdownString(`${text}  \n${counts}\n\n${links}`);
  tooltip.isTrusted = { enabledCommands: commands };
  return tooltip;
}

/** What of its file stays; undefined where all of it does. */
function limits(): PruneLimits | undefined {
  const days = readSetting('agentTraces.receiver.keepDays');
  const mb = readSetting('agentTraces.receiver.maximumMb');
  const maxAgeDays = days > 0 ? days : undefined;
  const maxBytes = mb > 0 ? mb * 1_000_000 : undefined;
  return maxAgeDays === undefined && maxBytes === undefined ? undefined : { maxAgeDays, maxBytes };
}
