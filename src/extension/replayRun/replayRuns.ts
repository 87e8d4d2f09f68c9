import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { DisposableStore } from '../disposables.ts';
import { say, showInfo } from '../errors.ts';
import { type CommandId, setContext } from '../ids.ts';
import { logError } from '../log.ts';
import { type Environment, onRestart, registerReplayDebug, replayOf } from './debug.ts';
import { type Stop, startLaunch } from './launch.ts';
import { type ReplayServices, RunReplay } from './replayRun.ts';
import { isLive, type Launch, type ReplaySpec } from './spec.ts';

interface Running {
  readonly id: string;
  readonly replay: RunReplay;
  readonly launch: Launch;
  /** Ends the program where it is no debug session. */
  stop: Stop;
  session: vscode.DebugSession | undefined;
}

/** The replay of a run that goes on, one at a time: its server lives as long as what was started for it. */
export class ReplayRuns implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly services: ReplayServices;
  private readonly item: vscode.StatusBarItem;
  private running: Running | undefined;
  /** VS Code can start a session of it again after its end. */
  private last: Running | undefined;
  private made = 0;

  constructor(services: ReplayServices) {
    this.services = services;
    const { Left } = vscode.StatusBarAlignment;
    this.item = this.store.add(vscode.window.createStatusBarItem('agentTraces.replay', Left, 11));
    this.item.name = vscode.l10n.t('Agent Traces: Replay');
    this.item.command = 'agentTraces.stopReplay' satisfies CommandId;
    this.store.add(registerReplayDebug((id, own) => this.serveSession(id, own)));
    this.store.add(onRestart(id => id === this.running?.id && this.running.replay.again()));
    this.store.add(
      vscode.debug.onDidStartDebugSession(session => {
        const { running } = this;
        const isOurs = !session.parentSession && replayOf(session.configuration) === running?.id;
        if (running && isOurs) running.session = session;
      }),
    );
    this.store.add(
      vscode.debug.onDidTerminateDebugSession(session => {
        if (session.parentSession || replayOf(session.configuration) !== this.running?.id) return;
        this.end().catch(error => logError(services.log, 'end replay', error));
      }),
    );
  }

  /** What the status bar says; undefined while nothing is replayed. */
  get text(): string | undefined {
    return this.running && this.item.text;
  }

  /** Starts a program with a server that answers it as it was recorded. */
  async start(spec: ReplaySpec, launch: Launch): Promise<void> {
    const t = vscode.l10n.t;
    if (this.running) {
      const words = t(
        '“{0}” is being replayed. Stop that replay first, or let it end.',
        this.running.replay.name,
      );
      return showInfo(words, t('Stop and Replay This'), async () => {
        await this.stop();
        await this.start(spec, launch);
      });
    }
    const running = this.begin(`${Date.now()}.${++this.made}`, spec, launch);
    try {
      const started = await startLaunch(launch, {
        id: running.id,
        name: running.replay.name,
        serve: own => this.serve(running, own),
        ended: () => this.endOf(running),
      });
      if (started) running.stop = started;
      else if (this.running === running) await this.sayNotStarted(running);
    } catch (error) {
      await this.drop(running);
      throw error;
    }
  }

  /** Ends program and server. */
  async stop(): Promise<void> {
    const { running } = this;
    if (!running) {
      return showInfo(vscode.l10n.t('Nothing is being replayed. “Replay Run” starts a replay.'));
    }
    stopProgram(running);
    await this.endOf(running);
  }

  private async sayNotStarted(running: Running): Promise<void> {
    const t = vscode.l10n.t;
    await this.drop(running);
    const { launch } = running;
    const words = t(
      '“{0}” did not start, and so nothing is replayed. See whether it starts from Run and Debug.',
      launch.kind === 'configuration' ? launch.configuration.name : '',
    );
    showInfo(words, t('Run and Debug'), () =>
      vscode.commands.executeCommand('workbench.view.debug'),
    );
  }

  private begin(id: string, spec: ReplaySpec, launch: Launch): Running {
    const replay = new RunReplay(spec, this.services, () => this.draw());
    const running: Running = { id, replay, launch, stop: () => undefined, session: undefined };
    this.running = running;
    this.last = running;
    void setContext('agentTraces.replaying', true);
    this.draw();
    return running;
  }

  private async serve(running: Running, own: Environment): Promise<Environment> {
    const given = Object.entries(own).filter(([, value]) => value !== undefined);
    const all = { ...this.services.machine.own, ...Object.fromEntries(given) };
    const env = await running.replay.serve(all);
    if (this.running === running) return env;
    // It was stopped meanwhile: no program is to be started for it.
    await running.replay.close();
    throw new TraceError('cancelled');
  }

  /** Of a session that VS Code starts, for the first time or again. */
  private async serveSession(id: string, own: Environment): Promise<Environment | undefined> {
    const t = vscode.l10n.t;
    const { last } = this;
    if (last?.id !== id || (this.running && this.running !== last)) {
      say(
        'error',
        t('The replay that this session belongs to is over. Start it with Replay Run.'),
        [],
      );
      return undefined;
    }
    const running = this.running ?? this.begin(id, last.replay.spec, last.launch);
    try {
      return await this.serve(running, own);
    } catch (error) {
      if (TraceError.from(error).code === 'cancelled') return undefined;
      logError(this.services.log, 'serve replay', error);
      const why = error instanceof Error ? error.message : String(error);
      say('error', t('The replay server could not be started: {0}. Try again.', why), []);
      await this.drop(running);
      return undefined;
    }
  }

  private async endOf(running: Running): Promise<void> {
    if (this.running === running) await this.end();
  }

  private async end(): Promise<void> {
    const { running } = this;
    this.forget();
    await running?.replay.end();
  }

  /** It never began, which was said. */
  private async drop(running: Running): Promise<void> {
    if (this.running === running) this.forget();
    await running.replay.close();
  }

  private forget(): void {
    this.running = undefined;
    void setContext('agentTraces.replaying', false);
    this.draw();
  }

  private draw(): void {
    const { running, item } = this;
    if (!running) {
      item.hide();
      return;
    }
    const t = vscode.l10n.t;
    const { name, progress, spec } = running.replay;
    item.text = `$(debug-rerun) ${t('Replaying “{0}”: {1}', name, progress)}`;
    item.tooltip = isLive(spec)
      ? t('Requests may go on to the real API. Click: stop the replay')
      : t('The model’s answers are the recorded ones. Click: stop the replay');
    item.accessibilityInformation = {
      label: t('Replaying {0}: {1}. Stops the replay.', name, progress),
    };
    item.show();
  }

  dispose(): void {
    const { running } = this;
    this.running = undefined;
    if (running) {
      stopProgram(running);
      // The window closes: nobody is left to be told.
      running.replay.close().catch(error => logError(this.services.log, 'close replay', error));
    }
    this.store.dispose();
  }
}

function stopProgram({ session, stop }: Running): void {
  stop();
  if (session) void vscode.debug.stopDebugging(session);
}
