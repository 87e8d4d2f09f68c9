import * as vscode from 'vscode';
import { fillIn } from '../core/errors.ts';
import { integer } from '../core/format.ts';
import { type ImportReport, skipTexts } from '../core/importReport.ts';
import { say } from './errors.ts';
import { runCommand } from './ids.ts';
import { type Log, logError } from './log.ts';
import type { Importer } from './platform.ts';
import { baseName } from './sources.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Imports that are kept; older ones that are not listed go. */
const mostKept = 20;

interface Importing {
  readonly importer: Importer;
  readonly files: TraceFiles;
  readonly storage: vscode.Uri;
  readonly log: Log;
}

/** Makes a trace file of what another tool has recorded, and says how that went. @throws TraceError */
export async function importFile(
  { importer, files, storage, log }: Importing,
  source: vscode.Uri,
): Promise<vscode.Uri> {
  const t = vscode.l10n.t;
  const name = baseName(source);
  const folder = vscode.Uri.joinPath(storage, 'imports');
  const to = vscode.Uri.joinPath(folder, hashOf(source.toString()), `${name}.agent-traces.db`);
  // Imported before: the reader lets go of what is replaced.
  await files.close(to.toString());
  const report = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Importing {0}', name),
      cancellable: true,
    },
    async (progress, token) => {
      const ending = new AbortController();
      token.onCancellationRequested(() => ending.abort());
      let shown = 0;
      return importer.importFile(source.fsPath, to.fsPath, {
        signal: ending.signal,
        progress: ({ read, total, spans }) => {
          const percent = total > 0 ? Math.floor((100 * read) / total) : 100;
          progress.report({
            increment: percent - shown,
            message: t('{0} spans', integer(spans)),
          });
          shown = percent;
        },
      });
    },
  );
  sayReport(report, name, log);
  void keepNewest(folder, files).catch(error => logError(log, 'remove old imports', error));
  return to;
}

function sayReport(report: ImportReport, name: string, log: Log): void {
  const t = vscode.l10n.t;
  const skips = report.skipped.map(({ why, count, places }) => {
    const words = fillIn(vscode.l10n.t(skipTexts[why], '{0}'), [integer(count)]);
    log.info(`import of ${name}: skipped ${words} (${places.join(', ')})`);
    return words;
  });
  const { runs, spans } = report;
  const [file] = report.files;
  const counts = [
    runs === 1 ? t('1 run') : t('{0} runs', integer(runs)),
    spans === 1 ? t('1 span') : t('{0} spans', integer(spans)),
  ];
  const done = t('Imported {0} ({1}): {2}.', name, file?.format ?? '', counts.join(', '));
  const showLog = { title: t('Show Log'), act: () => runCommand('agentTraces.showLog') };
  if (skips.length === 0) say('info', done, []);
  else {
    const skipped = t('Skipped: {0}.', skips.join('; '));
    say('info', [done, skipped].join(' '), [showLog]);
  }
}

async function keepNewest(folder: vscode.Uri, files: TraceFiles): Promise<void> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const listed = files.list().map(({ id }) => id);
  const kept = await Promise.all(
    entries.map(async ([name]) => {
      const uri = vscode.Uri.joinPath(folder, name);
      return { uri, time: (await vscode.workspace.fs.stat(uri)).mtime };
    }),
  );
  for (const { uri } of kept.sort((a, b) => b.time - a.time).slice(mostKept)) {
    if (listed.some(id => id.startsWith(`${uri.toString()}/`))) continue;
    await vscode.workspace.fs.delete(uri, { recursive: true });
  }
}

/** A short name for a long one: the same each time. */
function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let at = 0; at < text.length; at++) {
    a = Math.imul(a ^ text.charCodeAt(at), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(at), 0x85ebca6b) + at;
  }
  return `${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`;
}
