import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { fieldsOf } from '../../core/fields.ts';
import { formatDateTime, withoutMs } from '../../core/format.ts';
import { recordedAnswer } from '../../core/replay/answer.ts';
import { planCall } from '../../core/replay/callPlan.ts';
import { modelRequest } from '../../core/replay/languageModel.ts';
import { isUnencrypted } from '../../net/apiAddress.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import type { ReplayAction, ReplaySummary, ReplayView } from '../../protocol/replay.ts';
import { errorWords, say } from '../errors.ts';
import { callScheme, runCommand } from '../ids.ts';
import type { Replayer } from '../platform.ts';
import { exists } from '../sources.ts';
import { showDiff } from '../textDiff.ts';
import { detailOf, type TextDocuments, wholeText } from '../textDocuments.ts';
import type { TraceFiles } from '../traceFiles.ts';
import { nameOf } from '../treeItems.ts';
import { localCallWords, words } from '../words.ts';
import { apiAddress } from './address.ts';
import type { ApiKey } from './apiKey.ts';
import { askHow, askModel, askTimes, type How } from './askHow.ts';
import { type KeptReplays, uriOfFile } from './kept.ts';
import { allPrices, recordedCall } from './recordedCall.ts';
import type { ReplayPages, ReplayPanel } from './replayPanel.ts';
import { agreementView, answerView, type Came, replayedView } from './replayViews.ts';
import type { RequestDocuments } from './requestDocuments.ts';
import type { RequestMarks } from './requestMarks.ts';
import { notesOf, type ReplaySender } from './sender.ts';

export interface ReplayParts {
  readonly files: TraceFiles;
  readonly documents: TextDocuments;
  readonly requests: RequestDocuments;
  readonly marks: RequestMarks;
  readonly kept: KeptReplays;
  readonly key: ApiKey;
  /** Undefined where nothing can be sent. */
  readonly sending: { readonly replayer: Replayer; readonly sender: ReplaySender } | undefined;
  readonly panel: () => ReplayPanel;
}

const once: How = { model: undefined, times: 1, languageModel: undefined };

/** From an edited request to its answer, and back from a kept replay to what it was made of. */
export class Replays implements ReplayPages {
  private readonly parts: ReplayParts;
  /** How it was sent last, for the next time. */
  private last: How = once;

  constructor(parts: ReplayParts) {
    this.parts = parts;
  }

  /** Asks how, and sends the document. */
  async send(uri: vscode.Uri, first: How = once): Promise<void> {
    const { requests, sending, panel } = this.parts;
    if (!sending) throw new TraceError('replayNowhere');
    if (!vscode.workspace.isTrusted) return sayUntrusted();
    if (sending.sender.busy) throw new TraceError('replayBusy');
    const call = await requests.callOf(uri);
    const address = apiAddress(sending.replayer);
    let how = first;
    for (;;) {
      const document = await vscode.workspace.openTextDocument(uri);
      const plan = await this.planOf(document, call, how);
      const lost = how.languageModel ? modelRequest(plan.request, localCallWords()).lost : [];
      const clear =
        !how.languageModel && isUnencrypted(address) ? [localCallWords().noteClear] : [];
      const notes = [...lost, ...clear, ...notesOf(plan)];
      const { name } = call.origin;
      const chosen = await askHow({ name, host: address.host, plan, how, notes });
      if (chosen === undefined) return;
      if (chosen !== 'send') {
        how = chosen;
        continue;
      }
      const key = how.languageModel ? undefined : await this.keyOrAsk();
      this.last = how;
      const done = sending.sender.send({ call, plan, how, address, key });
      panel().open(sending.sender.view);
      const progress = {
        location: vscode.ProgressLocation.Window,
        title: vscode.l10n.t('Replaying {0}…', name),
      };
      void vscode.window.withProgress(progress, () => done);
      const error = await done;
      if (error?.code === 'replayKeyRefused') sayKeyRefused(error);
      return;
    }
  }

  private async planOf(
    document: vscode.TextDocument,
    call: Parameters<typeof planCall>[0],
    { model, times }: How,
  ) {
    const { plan, problems } = planCall(
      call,
      { document: document.getText(), model, times, now: Date.now(), prices: allPrices() },
      localCallWords(),
    );
    if (plan) return plan;
    this.parts.marks.show(document, problems);
    const [first] = problems;
    const editor = await vscode.window.showTextDocument(document);
    if (first) {
      const at = new vscode.Range(document.positionAt(first.from), document.positionAt(first.to));
      editor.selection = new vscode.Selection(at.start, at.end);
      editor.revealRange(at);
    }
    throw new TraceError('replayBadDocument', [first?.words ?? '']);
  }

  private async keyOrAsk(): Promise<string> {
    const { key } = this.parts;
    const known = (await key.get()) ?? ((await key.ask()) ? await key.get() : undefined);
    if (known === undefined) throw new TraceError('replayNoKey');
    return known;
  }

  async view(saved: SpanRef | undefined): Promise<ReplayView | undefined> {
    const sender = this.parts.sending?.sender;
    if (!sender?.view && saved?.file === this.parts.kept.file) {
      await this.parts.kept.load();
      const replay = this.parts.kept.at(saved);
      if (replay) await this.show(replay, false);
    }
    return sender?.view;
  }

  async act(action: ReplayAction): Promise<void> {
    const { sending, requests } = this.parts;
    const view = sending?.sender.view;
    if (!view) return;
    const { name, recordedRef } = view;
    switch (action) {
      case 'cancel':
        return sending.sender.cancel();
      case 'showRecorded':
        return void (await runCommand('agentTraces.showSpan', recordedRef));
      case 'edit':
        return this.edit(recordedRef);
      case 'compareRequests': {
        const ref = view.replays[0]?.ref;
        return ref && showDiff(this.parts, recordedRef, ref, 'request');
      }
      case 'again':
        return this.send(await requests.uriOf(recordedRef), this.last);
      case 'times': {
        const times = await askTimes(this.last.times);
        if (times !== undefined) {
          await this.send(await requests.uriOf(recordedRef), { ...this.last, times });
        }
        return;
      }
      case 'model': {
        const model = await askModel(name, view.replays[0]?.answer?.model ?? '');
        if (model !== undefined) {
          const how = { ...this.last, model, languageModel: undefined };
          await this.send(await requests.uriOf(recordedRef), how);
        }
      }
    }
  }

  private async edit(ref: SpanRef): Promise<void> {
    await vscode.window.showTextDocument(await this.parts.requests.uriOf(ref));
  }

  /** Shows a kept replay, with all that were sent along with it. */
  async show(replay: ReplaySummary, open = true): Promise<void> {
    const { files, kept, sending, panel } = this.parts;
    if (!sending) throw new TraceError('replayNowhere');
    const { id } = replay.times ?? {};
    const together =
      id === undefined
        ? [replay]
        : kept
            .list()
            .filter(one => one.times?.id === id)
            .sort((a, b) => (a.times?.index ?? 0) - (b.times?.index ?? 0));
    const recordedRef = await this.originalOf(replay);
    // The original may be gone; the replay is there all the same.
    const original = await recordedCall(files, recordedRef).catch(() => undefined);
    const recorded = original && recordedAnswer(original.source.metadata, original.span);
    const came: Came[] = [];
    for (const one of together) {
      const ref = { file: kept.file, spanId: one.callId };
      const { span } = await detailOf(files, ref);
      const text = await wholeText(files, ref, 'metadata');
      const answer = recordedAnswer(fieldsOf(JSON.parse(text?.text ?? '{}')), span);
      came.push({ answer, error: span.status === 'error' ? (span.error ?? '') : undefined, ref });
    }
    const { start } = original?.span ?? {};
    this.last = { ...once, model: undefined };
    const first = together[0] ?? replay;
    sending.sender.show({
      name: original?.origin.name ?? nameOf(replay.run.name.replace(/^replay of /, '')),
      call: original?.detail.call,
      state: came.some(one => one.error !== undefined) ? 'failed' : 'done',
      facts: [replay.model ?? '', withoutMs(formatDateTime(first.run.start, words()))].filter(
        Boolean,
      ),
      notes: original?.source.notes ?? [],
      edited: replay.edited,
      times: replay.times?.of ?? 1,
      recordedRef,
      recorded: recorded && answerView(recorded),
      recordedAt: withoutMs(formatDateTime(start, words())),
      replays: came.map(one => replayedView(recorded, one)),
      agreement: agreementView(recorded, came, replay.times?.of ?? 1),
      problem: undefined,
    });
    if (open) panel().open(sending.sender.view);
  }

  /** What a replay was made from, which may be gone. */
  async originalOf({ ofFile, ofSpan }: ReplaySummary): Promise<SpanRef> {
    const { files } = this.parts;
    const uri = uriOfFile(ofFile ?? '');
    const name = uri.path.split('/').at(-1);
    const listed = files.get(uri.toString()) ?? files.list().find(one => one.name === name);
    if (listed) return { file: listed.id, spanId: ofSpan };
    // One that is gone is not listed only to say so.
    if (await exists(uri)) files.add(uri, true);
    return { file: uri.toString(), spanId: ofSpan };
  }
}

export const isRequest = (uri: vscode.Uri | undefined): uri is vscode.Uri =>
  uri?.scheme === callScheme;

function sayUntrusted(): void {
  const act = () => vscode.commands.executeCommand('workbench.trust.manage');
  const step = { title: vscode.l10n.t('Manage Trust'), act };
  say('error', errorWords(new TraceError('replayUntrusted')), [step]);
}

function sayKeyRefused(error: TraceError): void {
  const step = {
    title: vscode.l10n.t('Set API Key…'),
    act: () => runCommand('agentTraces.setApiKey'),
  };
  say('error', errorWords(error), [step]);
}
