import type { Command } from 'commander';
import { fillIn } from '../core/errors.ts';
import { formatBytes, integer } from '../core/format.ts';
import { type ImportReport, importCounts, skipTexts } from '../core/importReport.ts';
import { importFiles } from '../node/importFiles.ts';
import { onInterrupt } from '../node/interrupts.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two words on how far it is. */
const sayEvery = 200;

interface ImportArguments {
  readonly to: string;
  readonly json?: true;
}

export function addImport(program: Command, terminal: Terminal): void {
  const isInteractive = terminal.ask !== undefined;
  program
    .command('import <files...>')
    .description('make a trace file of what other tools have recorded; their files are only read')
    .requiredOption('--to <file>', 'the trace file to make, which must not be there yet')
    .option('--json', 'print JSON, for scripts')
    .action(async (files: readonly string[], { to, json }: ImportArguments) => {
      const ending = new AbortController();
      const undo = onInterrupt(() => ending.abort());
      let saidAt = 0;
      try {
        const report = await importFiles({
          files,
          to,
          signal: ending.signal,
          onProgress: ({ read, total, spans }) => {
            const now = performance.now();
            if (!isInteractive || now - saidAt < sayEvery) return;
            saidAt = now;
            const share = total > 0 ? Math.floor((100 * read) / total) : 100;
            terminal.error(`\r${share} % of ${formatBytes(total)}, ${integer(spans)} spans `);
          },
        });
        if (saidAt > 0) terminal.error('\r\u001b[K');
        terminal.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : importWords(report));
      } finally {
        undo();
      }
    });
}

export function importWords(report: ImportReport): string {
  const lines = [`Imported ${importCounts(report)} into ${report.to}.`];
  const unknown = report.files.filter(({ format }) => format === undefined);
  const formats = new Set(report.files.flatMap(({ format }) => format ?? []));
  lines.push(`Format: ${[...formats].join(', ')}.`);
  for (const { why, count, places } of report.skipped) {
    const where =
      places.length > 0 ? ` (${places.join(', ')}${places.length < count ? ', …' : ''})` : '';
    lines.push(`Skipped: ${fillIn(skipTexts[why], [integer(count)])}${where}`);
  }
  for (const { name } of unknown) lines.push(`Not read: ${name}, in no format that is known.`);
  return `${lines.join('\n')}\n`;
}
