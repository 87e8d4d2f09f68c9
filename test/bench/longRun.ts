import { DatabaseSync } from 'node:sqlite';
import { createSpans } from '../unit/support/traceDb.ts';

const prompt = 'Post one entry per invoice and say what does not balance. '.repeat(17);

/** Ten turns of a sub-agent, each a call and a tool, its call with a prompt and an answer of 1 kB each. */
const turns = 10;

/** Writes one run of many spans: agents that run agents that call a model and tools, the last tool failing. */
export function writeLongRun(file: string, spans: number): void {
  const db = new DatabaseSync(file);
  db.exec(createSpans);
  const insert = db.prepare('INSERT INTO spans VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)');
  const begin = Date.now() / 1000 - 36_000;
  let time = begin;
  let written = 0;
  const write = (
    kind: 'agent' | 'llm' | 'tool',
    parent: string | null,
    from: number,
    to: number,
    failed: boolean,
  ): string => {
    const id = `span-${written}`;
    const isCall = kind === 'llm';
    const metadata = isCall
      ? { kind, request: { messages: [{ role: 'user', content: prompt }] }, response: prompt }
      : { kind, ...(kind === 'tool' ? { tool_name: `tool_${written % 40}` } : {}) };
    const names = {
      agent: `agent_${written % 9}`,
      llm: 'llm_continuation',
      tool: 'tool_execution',
    };
    insert.run(
      id,
      'run',
      parent,
      names[kind],
      from,
      to,
      failed ? 'error' : 'ok',
      isCall ? 1200 : 0,
      isCall ? 80 : 0,
      isCall ? 0.002 : 0,
      isCall ? 'claude-haiku-4-5' : '',
      JSON.stringify(metadata),
      failed ? 'boom' : null,
    );
    written++;
    return id;
  };
  db.exec('BEGIN');
  const root = write('agent', null, begin, begin + spans * 0.4, true);
  while (written < spans) {
    const length = turns * 2 * 0.4 * 20;
    const group = write('agent', root, time, time + length, written + 450 > spans);
    for (let agent = 0; agent < 20 && written < spans; agent++) {
      const sub = write('agent', group, time, time + turns * 0.8, written + 22 > spans);
      for (let turn = 0; turn < turns && written < spans; turn++) {
        write('llm', sub, time, time + 0.5, false);
        if (written < spans) {
          write('tool', sub, time + 0.5, time + 0.75, written === spans - 1 || written % 997 === 0);
        }
        time += 0.8;
      }
    }
  }
  db.exec('COMMIT');
  db.close();
}
