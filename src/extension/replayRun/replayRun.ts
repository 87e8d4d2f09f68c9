import * as vscode from 'vscode';
import { oneLine } from '../../core/describe.ts';
import type { Fields } from '../../core/fields.ts';
import type { CallRef } from '../../core/replay/decision.ts';
import type { ReplayEvent } from '../../core/replay/replayEvents.ts';
import type { ReplayServer } from '../../core/replay/replayServing.ts';
import { type Step, say } from '../errors.ts';
import { type Log, logError } from '../log.ts';
import type { RunReplays } from '../platform.ts';
import { readSetting } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import { localReplayWords } from '../words.ts';
import type { Environment } from './debug.ts';
import type { ReplayRunDocuments } from './documents.ts';
import type { KeepingRuns } from './keeping.ts';
import { isLive, type ReplaySpec } from './spec.ts';
import { progressWords, startWords, summaryWords } from './words.ts';

export interface ReplayServices {
  readonly log: Log;
  readonly machine: RunReplays;
  readonly documents: ReplayRunDocuments;
  readonly keeping: KeepingRuns;
  show(ref: { readonly file: string; readonly spanId: string }): Promise<void>;
}

/** One replay of a run: its server, and what is told of it. */
export class RunReplay {
  readonly spec: ReplaySpec;
  private readonly services: ReplayServices;
  private readonly changed: () => void;
  private server: ReplayServer | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private told = false;
  private said: string;

  constructor(spec: ReplaySpec, services: ReplayServices, changed: () => void) {
    this.spec = spec;
    this.services = services;
    this.changed = changed;
    this.said = startWords();
  }

  get name(): string {
    return nameOf(this.spec.script.name);
  }

  /** How far it is, for the status bar. */
  get progress(): string {
    return this.said;
  }

  /** A program was given the address, so that requests may come. */
  get serving(): boolean {
    return this.server !== undefined;
  }

  /**
   * Starts the server, or begins anew where the program is started again.
   *
   * @returns what the program needs in its environment
   */
  serve(own: Environment): Promise<Environment> {
    return this.inTurn(() => this.serveNow(own));
  }

  private async serveNow(own: Environment): Promise<Environment> {
    const { machine, log } = this.services;
    await this.closeNow();
    this.told = false;
    this.said = startWords();
    const { spec } = this;
    const edits = editsOf(spec);
    const keeping = await this.services.keeping.of(spec.file);
    this.server = await machine.serve({
      script: spec.script,
      until: spec.fromThere === 'edited' ? undefined : spec.until,
      fromUntil: spec.fromThere === 'live' ? 'live' : 'stop',
      onDifference: spec.onDifference,
      ignore: readSetting('agentTraces.replay.ignore'),
      timing: spec.timing,
      liveUrl: liveUrlOf(own),
      words: localReplayWords(),
      ...(edits && { edits }),
      keeping,
      onEvent: event => this.happened(event),
    });
    log.info(`replay of ${this.name}: serving`);
    this.changed();
    const needed = machine.environment(this.server.baseUrl, own);
    // Live, a placeholder would hide the key that the program reads from elsewhere.
    const { ANTHROPIC_API_KEY: placeholder, ...others } = needed;
    return isLive(spec) || placeholder === undefined ? others : needed;
  }

  /** The program was started anew, in the same session. */
  again(): void {
    this.server?.again();
    this.told = false;
    this.said = startWords();
    this.changed();
  }

  /** Ends the server, and says what was replayed; once. */
  end(): Promise<void> {
    return this.inTurn(() => this.endNow());
  }

  private async endNow(): Promise<void> {
    const { server } = this;
    await this.closeNow(() => server && this.sum(server));
  }

  private sum(server: ReplayServer): void {
    this.services.log.info(`replay of ${this.name}: ${JSON.stringify(counts(server))}`);
    const t = vscode.l10n.t;
    if (server.summary.requests > 0) {
      say('info', summaryWords(this.name, server.summary), [this.logStep()]);
      return;
    }
    const words = t(
      'The program ended and asked the replay of “{0}” for nothing. See whether it got as far as its first call, and whether its client reads ANTHROPIC_BASE_URL.',
      this.name,
    );
    say('error', words, [this.logStep()]);
  }

  /** Nothing is said: the window closes, or the program never started. */
  close(): Promise<void> {
    return this.inTurn(() => this.closeNow());
  }

  /** A server that starts while it is ended, or started again, would be left with nobody to end it. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** @param closed nothing is asked any more: what was served may still be on its way to the disk */
  private async closeNow(closed?: () => void): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    await server.close();
    closed?.();
    await server.stored();
    if (server.summary.requests === 0) return;
    const { keeping, log } = this.services;
    await keeping.changed().catch(error => logError(log, 'replays', error));
  }

  private happened(event: ReplayEvent): void {
    this.services.log.info(`replay of ${this.name}: ${lineOf(event)}`);
    const { exchanges } = this.spec.script;
    const said = progressWords(event, exchanges.length);
    if (said !== undefined) {
      this.said = said;
      this.changed();
    }
    if (event.kind !== 'differed' || this.told) return;
    this.told = true;
    const steps: Step[] = [];
    const t = vscode.l10n.t;
    const { mismatch } = event;
    if (mismatch.kind === 'differs') {
      const { recorded, now, title } = this.services.documents.keep(mismatch, event.request);
      const act = () => vscode.commands.executeCommand('vscode.diff', recorded, now, title);
      steps.push({ title: t('Show Difference'), act });
    }
    if (mismatch.kind !== 'more') {
      const ref = { file: this.spec.file, spanId: mismatch.from.spanId };
      const act = () =>
        this.services.show(ref).catch(error => logError(this.services.log, 'show span', error));
      steps.push({ title: t('Show Span'), act });
    }
    const follows = {
      stop: t('The replay stopped there.'),
      nearest: t('The nearest recorded answer was given.'),
      live: t('The real API answers it.'),
    };
    const facts = [oneLine(event.words, 1000), follows[event.follows]];
    say('info', facts.join(' '), steps);
  }

  private logStep(): Step {
    return { title: vscode.l10n.t('Show Log'), act: () => this.services.log.show() };
  }
}

/** Of a request only where it differs: what stands there is the program's, and not for a log. */
function lineOf(event: ReplayEvent): string {
  switch (event.kind) {
    case 'matched':
      return `request ${event.request}: ${refOf(event.call)}, by ${event.how}, attempt ${event.attempt}`;
    case 'differed': {
      const { mismatch, follows } = event;
      const where = mismatch.kind === 'differs' ? ` at ${mismatch.difference.path}` : '';
      const from = mismatch.kind === 'more' ? '' : ` ${refOf(mismatch.from)}`;
      return `request ${event.request}: ${mismatch.kind}${from}${where}, so ${follows}`;
    }
    case 'live':
      return `request ${event.request}: the real API is asked (${event.why})`;
    case 'stopped':
      return `request ${event.request}: stopped (${event.why})`;
    case 'refused':
      return `refused with ${event.status}`;
    case 'ended':
      return `request ${event.request}: ${event.ending}`;
  }
}

const refOf = ({ call, name }: CallRef): string => `call ${call} (${name})`;

const counts = ({ summary }: ReplayServer) => ({ ...summary, firstDifference: undefined });

function editsOf({ fromThere, until, edited, script }: ReplaySpec) {
  const call = fromThere === 'edited' && until !== undefined ? script.exchanges[until] : undefined;
  if (!call || edited === undefined) return undefined;
  return new Map<string, Fields>([[call.spanId, JSON.parse(edited)]]);
}

/** Where live requests go: as the program's own environment has it. */
const liveUrlOf = ({ ANTHROPIC_BASE_URL: url }: Environment): string | undefined =>
  url || undefined;
