import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import type { Insights } from './insights.ts';
import { type Log, logError } from './log.ts';
import { type Problem, ProblemFinder } from './problemFinder.ts';
import { onSettingChange, readSetting } from './settings.ts';
import type { TextDocuments } from './textDocuments.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Says whose problems they are. */
export const problemSource = 'Agent Traces';

interface Looked {
  problems: readonly Problem[];
  finder: ProblemFinder;
  scan: AbortController | undefined;
  /** What it was found from is another now. */
  isDue: boolean;
}

/**
 * Failing spans and grave insights in the Problems view. Only of files that a person opened: whoever merely
 * has some lying about in the workspace looks there for what is wrong with the code.
 */
export class Problems implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly shown = this.store.add(
    vscode.languages.createDiagnosticCollection('agentTraces'),
  );
  private readonly looked = new Map<string, Looked>();
  private uris: ReadonlySet<string> = new Set();
  private readonly files: TraceFiles;
  private readonly insights: Insights;
  private readonly documents: TextDocuments;
  private readonly log: Log;

  constructor(files: TraceFiles, insights: Insights, documents: TextDocuments, log: Log) {
    this.files = files;
    this.insights = insights;
    this.documents = documents;
    this.log = log;
    this.store.add(insights.onDidLook(file => this.plan(file)));
    this.store.add(
      files.onDidChange(event => {
        if (event.kind === 'list') this.planAll();
        else if (event.kind === 'file' && event.why === 'read') this.plan(event.file);
      }),
    );
    this.store.add(onSettingChange('agentTraces.problems.enabled', () => this.planAll()));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.planAll(true)));
  }

  /** The problems of a document. */
  at(uri: vscode.Uri): readonly Problem[] {
    const at = uri.toString();
    return [...this.looked.values()].flatMap(({ problems }) =>
      problems.filter(one => one.uri.toString() === at),
    );
  }

  /** @param anew those that are known may have another place */
  private planAll(anew = false): void {
    for (const file of [...this.looked.keys()]) if (!this.isWanted(file)) this.letGo(file);
    for (const { id } of this.files.list()) {
      if (this.isWanted(id) && (anew || !this.looked.has(id))) this.plan(id);
    }
  }

  private isWanted(file: string): boolean {
    return readSetting('agentTraces.problems.enabled') && (this.files.get(file)?.pinned ?? false);
  }

  private letGo(file: string): void {
    const known = this.looked.get(file);
    if (!known) return;
    known.scan?.abort();
    this.looked.delete(file);
    this.publish();
  }

  /** What failed is told once the file is read; what else is found in it, when it was looked at. */
  private plan(file: string): void {
    if (!this.isWanted(file)) {
      this.letGo(file);
      return;
    }
    const { state, totals } = this.files.get(file) ?? {};
    // Nothing is read for this alone; and while a large file is read on, its newest runs are looked at once.
    if (state === 'listed' || state === 'failed') return;
    if (totals?.share !== undefined && this.looked.has(file)) return;
    const entry = this.looked.get(file) ?? this.newEntry(file);
    entry.isDue = true;
    if (!entry.scan) void this.look(file, entry);
  }

  private newEntry(file: string): Looked {
    const finder = new ProblemFinder(this.files, this.insights, this.documents, file);
    const entry: Looked = { problems: [], finder, scan: undefined, isDue: false };
    this.looked.set(file, entry);
    return entry;
  }

  private async look(file: string, entry: Looked): Promise<void> {
    while (entry.isDue && this.looked.get(file) === entry) {
      entry.isDue = false;
      const scan = new AbortController();
      entry.scan = scan;
      try {
        const problems = await entry.finder.find(scan.signal);
        if (scan.signal.aborted) return;
        entry.problems = problems;
        this.publish();
      } catch (error) {
        if (!scan.signal.aborted) logError(this.log, 'problems', error);
      } finally {
        entry.scan = undefined;
      }
    }
  }

  /** Several trace files may have problems in one source. */
  private publish(): void {
    const byUri = new Map<string, { uri: vscode.Uri; problems: Problem[] }>();
    for (const { problems } of this.looked.values()) {
      for (const problem of problems) {
        const key = problem.uri.toString();
        const at = byUri.get(key) ?? { uri: problem.uri, problems: [] };
        at.problems.push(problem);
        byUri.set(key, at);
      }
    }
    for (const gone of this.uris) {
      if (!byUri.has(gone)) this.shown.delete(vscode.Uri.parse(gone));
    }
    for (const { uri, problems } of byUri.values()) this.shown.set(uri, problems.map(diagnosticOf));
    this.uris = new Set(byUri.keys());
  }

  dispose(): void {
    for (const { scan } of this.looked.values()) scan?.abort();
    this.looked.clear();
    this.store.dispose();
  }
}

function diagnosticOf({ line, message, severity, code, related }: Problem): vscode.Diagnostic {
  // To the end of its line, whatever its length; the blanks before it are left out by VS Code.
  const range = new vscode.Range(line, 0, line, Number.MAX_VALUE);
  const found = new vscode.Diagnostic(
    range,
    message,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  found.source = problemSource;
  found.code = code;
  found.relatedInformation = related.map(
    one =>
      new vscode.DiagnosticRelatedInformation(new vscode.Location(one.uri, at(one.line)), one.says),
  );
  return found;
}

const at = (line: number): vscode.Position => new vscode.Position(line, 0);
