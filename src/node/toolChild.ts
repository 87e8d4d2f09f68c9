// What the two programs have in common that run a tool for us: a task comes in, one report goes out.
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TraceErrorCode } from '../core/errors.ts';
import type { Ms } from '../core/model.ts';

/** A line of what such a program reports; the last one counts. */
export type ToolReport =
  /** The server has answered: what it waits for from now on is the tool. */
  | { readonly stage: 'answered' }
  /** What it gave, and how long that took. */
  | { readonly value: unknown; readonly ms: Ms }
  | {
      readonly error: { readonly code: TraceErrorCode; readonly args: readonly string[] };
      /** How the tool itself says that it failed. */
      readonly failure?: string;
      readonly ms?: Ms;
    };

/** Standard output is for what the tool prints. */
const pipe = new Socket({ fd: 3 });
// The other side is gone: nobody waits for a result, and nobody would end this program.
pipe.once('end', () => process.exit(1));
pipe.on('error', () => process.exit(1));
pipe.resume();
pipe.unref();

/** What it is to do, from its standard input. */
export const readTask = async <T>(): Promise<T> => JSON.parse(await text(process.stdin)) as T;

export const report = (line: ToolReport): Promise<void> =>
  written(pipe, `${JSON.stringify(line)}\n`);

/** Says the last thing, and ends the program, whatever is still going on in it. */
export async function endWith(line: ToolReport): Promise<never> {
  await written(pipe, `${JSON.stringify(line)}\n`);
  // What was printed is still on its way, and an exit would cut it off.
  await Promise.all([written(process.stdout, ''), written(process.stderr, '')]);
  process.exit(0);
}

const written = (stream: NodeJS.WritableStream, text: string): Promise<void> =>
  new Promise(resolve => stream.write(text, () => resolve()));
