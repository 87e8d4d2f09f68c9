/**
 * The words of the pages. The extension hands them over in the user's language; the pages have no
 * localisation of their own. `{0}`, `{1}` are filled in by `fillIn`.
 */
export const englishWords = {
  agent: 'agent',
  llm: 'LLM',
  tool: 'tool',
  retrieval: 'retrieval',
  chain: 'chain',
  other: 'other',
  ok: 'OK',
  failed: 'failed',
  running: 'running',
  stale: 'stale',
  unknownStatus: 'no status',
  recovered: 'failed, recovered',
  interrupted: 'interrupted',
  judged: 'judged',
  judgedFailure: 'Its root never ended; a span failed and nothing made it good.',
  judgedRunning: 'Its root has not ended; it wrote something within the last {0}.',
  judgedStale: 'Its root never ended, a span is still open, and nothing was written for {0}.',
  judgedOk: 'Its root never ended; all {0} spans ended.',
  judgedInterrupted: 'Its root has an end but still says “running”: the program was stopped.',
  unpriced: 'unpriced',
  noName: '(no name)',
  orphan: 'parent missing',
  cycle: 'is its own ancestor',
  secondRoot: 'second root',
  cause: 'cause',
  ruleToolUseId: 'exact: both sides recorded {0}',
  ruleAncestor: 'inferred: it ran inside this call',
  rulePreceding: 'inferred from time: the last call that ended before it on its branch',
} as const;

export type WordKey = keyof typeof englishWords;
export type Words = Readonly<Record<WordKey, string>>;
