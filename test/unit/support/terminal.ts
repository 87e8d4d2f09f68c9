import type { Terminal } from '../../../src/cli/terminal.ts';

/** A terminal that keeps what a command writes and what it says of errors. */
export function keptTerminal(part: Partial<Terminal> = {}) {
  const said = { code: -1, out: '', err: '' };
  const terminal: Terminal = {
    write: text => {
      said.out += text;
    },
    error: text => {
      said.err += text;
    },
    columns: undefined,
    colour: false,
    zone: 'UTC',
    ...part,
  };
  return { said, terminal };
}
