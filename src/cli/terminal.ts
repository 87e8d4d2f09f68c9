import { oneLine } from '../core/describe.ts';

/** Where a command writes, and what can be written there. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly error: (text: string) => void;
  /** Columns of the terminal; undefined where the output goes into a file or another program. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** Time zone of the times shown; the environment's own where absent. */
  readonly zone?: string;
  /** Asks a question that is answered with yes or no; absent where nobody is there to be asked. */
  readonly ask?: (question: string) => Promise<boolean>;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue';

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
};

/** A text in a style, where the terminal has colours. */
export function styled(terminal: Terminal, style: Style | undefined, text: string): string {
  if (!style || !terminal.colour || text === '') return text;
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Says something that is no part of what was asked for. */
export const complain = (terminal: Terminal, text: string): void =>
  terminal.error(`agent-traces: ${oneLine(text, 1000)}\n`);

/** The process's own terminal. Colours follow https://no-color.org. */
export function ownTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    write: text => void stdout.write(text),
    error: text => void stderr.write(text),
    columns: stdout.isTTY ? stdout.columns : undefined,
    colour: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    ...(stdin.isTTY && stderr.isTTY && { ask }),
  };
}

/** On standard error, since the output may go into a file. */
async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input, and Ctrl-C, are no.
  const no = new Promise<string>(resolve => lines.once('close', () => resolve('')));
  const asked = lines.question(`${question} [y/N] `).catch(() => '');
  const answer = await Promise.race([asked, no]);
  lines.close();
  return /^\s*y(?:es)?\s*$/i.test(answer);
}
