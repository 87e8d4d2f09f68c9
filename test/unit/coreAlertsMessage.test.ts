import assert from 'node:assert/strict';
import { readShowLink, showCommand, showLink } from '../../src/core/alerts/link.ts';
import { messageOf, plainLines } from '../../src/core/alerts/message.ts';
import { hostileNotice, noticeOf } from './support/notices.ts';

describe('what an alert says', () => {
  it('is what happened, the failing runs with their error, a link and a command', () => {
    assert.deepEqual(plainLines(messageOf(noticeOf(), 'vscode')), [
      'Alert: 6 of 20 runs failed within 5m (30 %; the limit is 20 %) (agent_traces.db)',
      '- invoice_reconcile (12.00 s · $0.0400): Entry does not balance',
      '- invoice_reconcile (12.00 s · $0.0400): Entry does not balance',
      'and 4 more',
      'vscode://agent-trace-inspector.agent-trace-inspector/show?file=%2Fdata%2Fagent_traces.db&run=run-1&span=span-1',
      'agent-traces cause /data/agent_traces.db span-1',
    ]);
  });

  it('holds no secret, and one line for each recorded text, however long', () => {
    const lines = plainLines(messageOf(hostileNotice(), 'vscode'));
    const text = lines.join('\n');
    assert.doesNotMatch(text, /sk-ant-api03|jane@example|hunter2hunter2/);
    assert.match(text, /\[redacted:api-key\]/);
    assert.ok(lines.every(line => !/[\r\n\u202e]/.test(line)));
    assert.ok(text.length < 5000);
  });
});

describe('links into the editor', () => {
  const decode = (link: string) => {
    const [, path = '', query = ''] =
      /^\w+:\/\/agent-trace-inspector\.agent-trace-inspector(\/\w+)\?(.*)$/.exec(link) ?? [];
    return readShowLink(path, decodeURIComponent(query));
  };

  it('come back as they were made, whatever is in a path or an id', () => {
    for (const place of [
      { file: '/data/agent_traces.db', run: 'r', span: 's' },
      { file: '/tmp/a & b=c#d?e%20f+g/ü.db', run: 'x&y=z', span: '%2F' },
      { file: 'C:\\traces\\a.db', run: undefined, span: undefined },
    ]) {
      assert.deepEqual(decode(showLink('vscode', place)), place);
    }
    assert.match(showLink('cursor', { file: '/a)b*.db' }), /^cursor:.*%29b%2A/);
    assert.ok(showLink('vscode', { file: '/\uD800' }));
  });

  it('that are none of ours ask for nothing', () => {
    for (const [path, query] of [
      ['/other', 'file=/a'],
      ['/show', ''],
      ['/show', 'run=x'],
      ['/show', 'file='],
      ['/show', 'file=/a&file=/b'],
      ['/show', 'file=/a&span=x&span=y'],
      ['/show', `file=/${'a'.repeat(5000)}`],
      ['/show', 'file=/a\u0000b'],
      ['/show', 'file=/a&run=\n'],
      ['/show', 'cmd=x&file=/a'],
    ] as const) {
      assert.equal(readShowLink(path, query), undefined, `${path}?${query.slice(0, 40)}`);
    }
  });

  it('stand beside a command that shows the same', () => {
    assert.equal(
      showCommand({ file: "/it's/a.db", span: 's' }),
      `agent-traces cause '/it'\\''s/a.db' s`,
    );
    assert.equal(showCommand({ file: '/a.db', run: 'r' }), 'agent-traces show /a.db r');
    assert.equal(showCommand({ file: '/a.db' }), 'agent-traces failed /a.db');
    assert.equal(
      showCommand({ file: '/a.db', span: '--help' }),
      'agent-traces cause -- /a.db --help',
    );
    assert.equal(
      showCommand({ file: '/a.db', span: '$(rm -rf ~)' }),
      "agent-traces cause /a.db '$(rm -rf ~)'",
    );
  });
});
