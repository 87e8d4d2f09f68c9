import type { NamedRun, Notice } from '../../../src/core/alerts/notice.ts';

const time = Date.UTC(2026, 10, 28, 12);

export const namedRun = (part: Partial<NamedRun> = {}): NamedRun => ({
  runId: 'run-1',
  name: 'invoice_reconcile',
  start: time - 60_000,
  end: time - 48_000,
  cost: 0.04,
  pricedCost: 0.04,
  error: 'Entry does not balance',
  spanId: 'span-1',
  says: undefined,
  usual: undefined,
  ...part,
});

export const noticeOf = (part: Partial<Notice> = {}): Notice => ({
  id: '77-1-firing-1',
  key: '77',
  kind: 'firing',
  rule: 'failure-rate',
  type: 'failure-rate',
  severity: 'error',
  group: '',
  file: '/data/agent_traces.db',
  at: time,
  since: time,
  figures: { type: 'failure-rate', failed: 6, ended: 20, above: 0.2, window: 300_000 },
  runs: [namedRun(), namedRun({ runId: 'run-2', spanId: 'span-2' })],
  more: 4,
  ...part,
});

/** Names and errors that mean something to who shows them. */
export const hostileTexts = [
  '<!channel> <@U123> & <https://evil.example|click>',
  '@everyone <@&123> [x](https://evil.example) **b** `c`',
  'line one\r\nBcc: jane@example.org\u202e\u0000',
  'key sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789 password=hunter2hunter2',
  `${'x'.repeat(5000)}`,
  // Nine signs each in an address, and half a pair, which many services refuse.
  `${'漢'.repeat(190)}`,
  `\uD800${'😀'.repeat(95)}`,
] as const;

export const hostileNotice = (part: Partial<Notice> = {}): Notice =>
  noticeOf({
    group: hostileTexts[0],
    runs: hostileTexts.map((text, i) =>
      namedRun({ name: text, error: text, runId: `r${i} ${text}` }),
    ),
    ...part,
  });
