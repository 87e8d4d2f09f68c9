// The process that imports files, or keeps the trace file of Claude Code's transcripts: started by
// importProcess.ts, with which it ends.
import { TraceError } from '../core/errors.ts';
import { importFiles } from './importFiles.ts';
import type { FromImporter, ToImporter } from './importMessages.ts';
import { mirrorTranscripts } from './transcriptMirror.ts';
import { failureWords } from './writeFailure.ts';

const progressEvery = 100;
const ending = new AbortController();

process.on('disconnect', () => {
  ending.abort();
  // What is half done is not waited for.
  setTimeout(() => process.exit(0), 2000).unref();
});
// Ctrl-C in a terminal goes to the whole group; it is the parent that decides when to end.
process.on('SIGINT', () => undefined);
// So that nothing half written is left. A second one ends it at once.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());
process.once('message', message => {
  void work(message as ToImporter).then(end, (error: unknown) => {
    say(failed(error, (message as ToImporter).to));
    end();
  });
});

async function work(asked: ToImporter): Promise<void> {
  const { signal } = ending;
  if (asked.type === 'mirror') {
    const { roots, to, most } = asked;
    let isReady = false;
    await mirrorTranscripts({
      ...{ roots, to, most, signal },
      ready: () => {
        if (!isReady) say({ type: 'ready' });
        isReady = true;
      },
      log: line => say({ type: 'log', line }),
    });
    return;
  }
  let saidAt = 0;
  const report = await importFiles({
    ...{ files: asked.files, to: asked.to, replace: true, signal },
    onProgress: progress => {
      if (performance.now() - saidAt < progressEvery) return;
      saidAt = performance.now();
      say({ type: 'progress', progress });
    },
  });
  say({ type: 'done', report });
}

function failed(thrown: unknown, to: string): FromImporter {
  const error =
    thrown instanceof TraceError
      ? thrown
      : new TraceError('importNotWritten', [to, failureWords(thrown, to)], thrown);
  return { type: 'failed', code: error.code, args: error.args, words: String(thrown) };
}

function say(message: FromImporter): void {
  // Sending fails once the other side is gone, and then nobody waits for it.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Once all that was said is on its way. */
function end(): void {
  if (process.connected) process.disconnect();
}
