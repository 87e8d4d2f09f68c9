import { DatabaseSync } from 'node:sqlite';
import { createSpans } from '../unit/support/traceDb.ts';

const prompt =
  'You reconcile supplier invoices with the ledger and post one entry per invoice. '.repeat(25);

/**
 * Writes runs of 20 spans or as many as are asked for, half of them calls with a prompt and an answer of 2 kB each.
 *
 * @param result what tools gave; undefined where that is not recorded
 */
export function writeTraceFile(file: string, spans: number, result?: string, runSpans = 20): void {
  const db = new DatabaseSync(file);
  db.exec(createSpans);
  const insert = db.prepare('INSERT INTO spans VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)');
  const now = Date.now() / 1000;
  db.exec('BEGIN');
  for (let i = 0; i < spans; i++) {
    const place = i % runSpans;
    const run = (i - place) / runSpans;
    const isRoot = place === 0;
    const isCall = place % 2 === 1;
    const start = now - (spans - i) / 10;
    const failed = place === 18 && run % 50 === 0;
    const metadata = isCall
      ? {
          request: { messages: [{ role: 'user', content: prompt }] },
          response: { content: prompt },
        }
      : isRoot
        ? {}
        : { tool_name: `tool_${place}`, tool_input: { invoice: `INV-${i}` }, tool_result: result };
    insert.run(
      `span-${i}`,
      `run-${run}`,
      isRoot ? null : `span-${run * runSpans}`,
      isRoot ? `agent_${run % 7}` : isCall ? `llm_call ${i}` : `tool ${i}`,
      start,
      isRoot ? start + 2 : start + 0.09,
      failed ? 'error' : 'ok',
      isCall ? 1200 : 0,
      isCall ? 80 : 0,
      isCall ? 0.002 : 0,
      isCall ? 'claude-haiku-4-5' : '',
      JSON.stringify(metadata),
      failed ? 'boom' : null,
    );
  }
  db.exec('COMMIT');
  db.close();
}
