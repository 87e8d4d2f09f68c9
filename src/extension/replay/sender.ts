import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { formatDateTime, withoutMs } from '../../core/format.ts';
import type { CallPlan } from '../../core/replay/callPlan.ts';
import { modelRequest } from '../../core/replay/languageModel.ts';
import { joinedPieces, type LivePiece, liveAnswer } from '../../core/replay/liveAnswer.ts';
import { type ReplayedCall, replayedAnswer } from '../../core/replay/replayRun.ts';
import { sendLine } from '../../core/replay/sendLine.ts';
import { isUnencrypted } from '../../net/apiAddress.ts';
import type { ReplayedView, ReplayView } from '../../protocol/replay.ts';
import { DisposableStore } from '../disposables.ts';
import { errorWords } from '../errors.ts';
import { setContext } from '../ids.ts';
import type { Replayer, SentOnce } from '../platform.ts';
import { localCallWords, words } from '../words.ts';
import type { How } from './askHow.ts';
import type { KeptReplays } from './kept.ts';
import { sendToLanguageModel } from './languageModels.ts';
import { allPrices, type LoadedCall } from './recordedCall.ts';
import { agreementView, answerView, type Came, replayedView } from './replayViews.ts';

/** An answer that is longer than what VS Code takes as a document is of no use here. */
const mostAnswerBytes = 32_000_000;
/** Milliseconds between what a page is told of an answer that comes. */
const pace = 80;

export interface Pieces {
  readonly id: number;
  readonly after: number;
  readonly pieces: readonly LivePiece[];
}

export interface ToSend {
  readonly call: LoadedCall;
  readonly plan: CallPlan;
  readonly how: How;
  readonly address: URL;
  /** Undefined where a language model of VS Code is asked. */
  readonly key: string | undefined;
}

/** Sends one call at a time, and knows what a page shows of it. */
export class ReplaySender implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<ReplayView>());
  readonly onDidChange = this.changes.event;
  private readonly comings = this.store.add(new vscode.EventEmitter<Pieces>());
  /** More of an answer came. */
  readonly onDidCome = this.comings.event;
  private shown: ReplayView | undefined;
  private running: AbortController | undefined;
  private ids = 0;
  private readonly replayer: Replayer;
  private readonly kept: KeptReplays;

  constructor(replayer: Replayer, kept: KeptReplays) {
    this.replayer = replayer;
    this.kept = kept;
  }

  get view(): ReplayView | undefined {
    return this.shown;
  }

  get busy(): boolean {
    return this.running !== undefined;
  }

  cancel(): void {
    this.running?.abort();
  }

  /** Shows a replay that was kept. Not while another one is under way. */
  show(view: Omit<ReplayView, 'id' | 'live' | 'pieces'>): void {
    if (this.running) throw new TraceError('replayBusy');
    this.set({ ...view, id: ++this.ids, live: [], pieces: 0 });
  }

  /** Ends once all was sent. What went wrong is given, and shown by the view. */
  async send(what: ToSend): Promise<TraceError | undefined> {
    if (this.running) throw new TraceError('replayBusy');
    const running = new AbortController();
    this.running = running;
    const { plan, how } = what;
    const came: Came[] = [];
    this.set(this.firstView(what));
    void setContext('agentTraces.sendingReplay', true);
    let failed: TraceError | undefined;
    let problem: TraceError | undefined;
    const onReplayed = (one: SentOnce): void => {
      failed ??= one.error;
      // What is not told of it cannot be another.
      const recorded = how.languageModel
        ? plan.recorded && { ...plan.recorded, stopReason: undefined }
        : plan.recorded;
      const all = came.push({
        answer: replayedAnswer(one.call),
        error: one.error && errorWords(one.error),
        ref: one.spanId === undefined ? undefined : { file: this.kept.file, spanId: one.spanId },
      });
      const replays: ReplayedView[] = came.map(each => replayedView(recorded, each));
      const agreed = all > 1 ? agreementView(recorded, came, how.times) : undefined;
      this.set({ ...this.mustView(), replays, agreement: agreed, live: [] });
    };
    try {
      const base = await this.commonOf(what);
      problem = how.languageModel
        ? await this.askModel(how.languageModel, base, what, running.signal, onReplayed)
        : await this.askApi(base, what, running.signal, onReplayed);
    } catch (error) {
      problem = TraceError.from(error);
    }
    this.running = undefined;
    void setContext('agentTraces.sendingReplay', false);
    const cancelled = failed?.code === 'cancelled' || (running.signal.aborted && !failed);
    const wrong = failed ?? problem;
    this.set({
      ...this.mustView(),
      state: cancelled ? 'cancelled' : wrong ? 'failed' : 'done',
      live: [],
      problem: problem && errorWords(problem),
      facts: factsOf(what),
    });
    await this.kept.changed().catch(() => undefined);
    return cancelled ? undefined : wrong;
  }

  private async commonOf({ call, plan, address, how }: ToSend) {
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
    const { languageModel } = how;
    return {
      origin: call.origin,
      body: plan.body,
      betas: call.source.betas,
      edited: plan.edited,
      baseUrl: languageModel
        ? `vscode-lm:${languageModel.vendor}/${languageModel.family}`
        : address.href.replace(/\/$/, ''),
      git: folder && (await this.replayer.git(folder.uri.fsPath)),
      prices: allPrices(),
    };
  }

  private async askApi(
    base: Awaited<ReturnType<ReplaySender['commonOf']>>,
    { how, key = '' }: ToSend,
    signal: AbortSignal,
    onReplayed: (one: SentOnce) => void,
  ): Promise<TraceError | undefined> {
    let live = liveAnswer(key);
    const comes = this.coming(() => live.take());
    try {
      return await this.replayer.send({
        call: base,
        apiKey: key,
        times: how.times,
        file: this.kept.path,
        signal,
        mostBytes: mostAnswerBytes,
        onPiece: event => {
          live.add(event);
          comes.soon();
        },
        onReplayed: one => {
          live = liveAnswer(key);
          onReplayed(one);
        },
      });
    } finally {
      comes.end();
    }
  }

  private async askModel(
    model: vscode.LanguageModelChat,
    base: Awaited<ReturnType<ReplaySender['commonOf']>>,
    { plan, how }: ToSend,
    signal: AbortSignal,
    onReplayed: (one: SentOnce) => void,
  ): Promise<TraceError | undefined> {
    const request = modelRequest(plan.request, localCallWords());
    const id = crypto.randomUUID();
    for (let index = 1; index <= how.times && !signal.aborted; index++) {
      const start = Date.now();
      let pieces: LivePiece[] = [{ kind: 'text', begin: true, text: '' }];
      const comes = this.coming(() => pieces.splice(0));
      const { message, error, firstToken } = await sendToLanguageModel(
        model,
        request,
        signal,
        text => {
          pieces.push({ kind: 'text', begin: false, text });
          comes.soon();
        },
      );
      comes.end();
      pieces = [];
      const call: ReplayedCall = {
        ...base,
        ...{ message, firstToken, start },
        duration: Date.now() - start,
        error: error?.code === 'cancelled' ? 'aborted by the caller' : error?.message,
        times: how.times > 1 ? { id, index, of: how.times } : undefined,
        ...{ status: undefined, errorType: undefined, retryAfterMs: undefined },
        ...{ requestId: undefined, retries: 0, versions: { vscode: vscode.version } },
      };
      try {
        const { spanId } = await this.replayer.keep(this.kept.path, call);
        onReplayed({ call, error, spanId });
      } catch (problem) {
        onReplayed({ call, error, spanId: undefined });
        return TraceError.from(problem);
      }
      if (error) break;
    }
    return undefined;
  }

  /** Tells of what comes, now and then. */
  private coming(take: () => readonly LivePiece[]) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const pieces = take();
      const view = this.shown;
      if (!view || pieces.length === 0) return;
      this.shown = {
        ...view,
        live: joinedPieces(view.live, pieces),
        pieces: view.pieces + pieces.length,
      };
      this.comings.fire({ id: view.id, after: view.pieces, pieces });
    };
    return {
      soon: () => {
        timer ??= setTimeout(tell, pace);
      },
      end: () => clearTimeout(timer),
    };
  }

  private firstView(what: ToSend): ReplayView {
    const { call, plan, how, address } = what;
    const { span, call: place } = call.detail;
    const lost = how.languageModel ? modelRequest(plan.request, localCallWords()).lost : [];
    const clear = !how.languageModel && isUnencrypted(address) ? [localCallWords().noteClear] : [];
    return {
      id: ++this.ids,
      name: call.origin.name,
      call: place,
      state: 'sending',
      facts: how.languageModel
        ? factsOf(what)
        : [sendLine(plan.estimate, address.host, localCallWords())],
      notes: [...notesOf(plan), ...clear, ...lost],
      edited: plan.edited,
      times: how.times,
      recordedRef: call.ref,
      recorded: plan.recorded && answerView(plan.recorded),
      recordedAt: withoutMs(formatDateTime(span.start, words())),
      replays: [],
      agreement: undefined,
      live: [],
      pieces: 0,
      problem: undefined,
    };
  }

  private mustView(): ReplayView {
    if (!this.shown) throw new Error('nothing is shown');
    return this.shown;
  }

  private set(view: ReplayView): void {
    this.shown = view;
    this.changes.fire(view);
  }

  dispose(): void {
    this.running?.abort();
    this.store.dispose();
  }
}

/** That an answer is streamed goes without saying where one watches it come. */
export const notesOf = ({ notes }: CallPlan): readonly string[] =>
  notes.filter(note => note !== localCallWords().noteStreamed);

function factsOf({ how, plan, address }: ToSend): readonly string[] {
  const { languageModel } = how;
  return languageModel
    ? [languageModel.name, languageModel.vendor]
    : [plan.estimate.model, address.host];
}
