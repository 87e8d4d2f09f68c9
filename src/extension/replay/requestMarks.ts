import * as vscode from 'vscode';
import { oneLine } from '../../core/describe.ts';
import { unlinked } from '../../core/inert.ts';
import { planCall } from '../../core/replay/callPlan.ts';
import type { CallEstimate } from '../../core/replay/estimate.ts';
import type { DocumentProblem } from '../../core/replay/requestDocument.ts';
import { sendLine } from '../../core/replay/sendLine.ts';
import { DisposableStore } from '../disposables.ts';
import { errorWords } from '../errors.ts';
import { type CommandId, callScheme } from '../ids.ts';
import { type Log, logError } from '../log.ts';
import type { Replayer } from '../platform.ts';
import { localCallWords } from '../words.ts';
import { apiAddress } from './address.ts';
import { allPrices } from './recordedCall.ts';
import type { RequestDocuments } from './requestDocuments.ts';

/** A longer document is estimated when it is sent, and not with each key. */
const mostEstimated = 1_000_000;
const mostNotes = 3;

/** What stands over a request: what sending it would take, what is not as it was, and the ways on. */
export class RequestMarks implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changes.event;
  private readonly problems = this.store.add(
    vscode.languages.createDiagnosticCollection('agentTraces.replay'),
  );
  private readonly requests: RequestDocuments;
  private readonly replayer: Replayer | undefined;
  private readonly log: Log;

  constructor(requests: RequestDocuments, replayer: Replayer | undefined, log: Log) {
    this.requests = requests;
    this.replayer = replayer;
    this.log = log;
    const { store } = this;
    store.add(vscode.languages.registerCodeLensProvider({ scheme: callScheme }, this));
    store.add(requests.onDidChangeFile(() => this.changes.fire()));
    store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changes.fire()));
    store.add(
      vscode.workspace.onDidChangeConfiguration(
        event => event.affectsConfiguration('agentTraces') && this.changes.fire(),
      ),
    );
    // What was wrong when it was sent may be right by now.
    store.add(
      vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) =>
        this.problems.delete(uri),
      ),
    );
    store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.problems.delete(uri)));
  }

  /** Shows what keeps a document from being sent, where it stands. */
  show(document: vscode.TextDocument, problems: readonly DocumentProblem[]): void {
    const diagnostics = problems.map(({ from, to, words, severity }) => {
      const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
      const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
      return new vscode.Diagnostic(range, words, severity === 'error' ? error : warning);
    });
    this.problems.set(document.uri, diagnostics);
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    const t = vscode.l10n.t;
    try {
      const call = await this.requests.callOf(uri);
      const text = document.getText();
      const { plan } =
        text.length > mostEstimated
          ? { plan: undefined }
          : planCall(call, { ...choices(text) }, localCallWords());
      const lenses: vscode.CodeLens[] = [];
      if (!this.replayer) lenses.push(lens('', t('It can only be sent by VS Code on a computer.')));
      else if (!vscode.workspace.isTrusted) {
        lenses.push(lens('', t('Nothing is sent before the workspace is trusted.')));
      } else lenses.push(lens('agentTraces.sendReplay', t('$(play) Send…'), uri));
      if (document.isDirty || (await this.requests.isEdited(uri))) {
        lenses.push(lens('agentTraces.restoreRequest', t('Restore as Recorded'), uri));
      }
      // Before what is long: a line of lenses is cut off at the editor's edge.
      lenses.push(lens('agentTraces.showSpan', t('Recorded Answer'), call.ref));
      const { notes } = call.source;
      for (const note of notes.slice(0, mostNotes)) {
        lenses.push(lens('', `$(warning) ${shown(note)}`));
      }
      if (notes.length > mostNotes) {
        lenses.push(lens('', t('and {0} more', notes.length - mostNotes)));
      }
      if (plan && this.replayer) {
        lenses.push(lens('', shown(this.wouldTake(plan.estimate, this.replayer), 300)));
      }
      return lenses;
    } catch (error) {
      // The document itself says why it cannot be read.
      logError(this.log, 'request', error);
      return [];
    }
  }

  /** A setting that holds no address must not take the other lenses away. */
  private wouldTake(estimate: CallEstimate, replayer: Replayer): string {
    try {
      return sendLine(estimate, apiAddress(replayer).host, localCallWords());
    } catch (error) {
      return errorWords(error);
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}

const choices = (document: string) => ({
  document,
  model: undefined,
  times: 1,
  now: Date.now(),
  prices: allPrices(),
});

/** What strangers recorded must be no icon. */
const shown = (words: string, most = 140): string => unlinked(oneLine(words, most));

const top = new vscode.Range(0, 0, 0, 0);

const lens = (command: CommandId | '', title: string, target?: unknown): vscode.CodeLens =>
  new vscode.CodeLens(top, {
    command,
    title,
    ...(target !== undefined && { arguments: [target] }),
  });
