import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../src/core/alerts/message.ts';
import { sendMail } from '../../src/node/sendmail.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { hostileNotice } from '../unit/support/notices.ts';
import { messageFor } from './alertSending.ts';

describe('mail through a local program', () => {
  const signal = new AbortController().signal;
  const program = (folder: string, script: string): string => {
    const file = path.join(folder, 'send mail');
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };

  it('is one message in ASCII for the given addresses, whatever is in it', async function () {
    if (process.platform === 'win32') return this.skip();
    const folder = temporaryFolder('mail');
    const out = path.join(folder.path, 'out');
    const command = program(folder.path, `printf '%s\\n' "$@" > '${out}.args'; cat > '${out}'`);
    const message = messageOf(hostileNotice({ group: 'Überweisung\r\nBcc: x@y.z' }), 'vscode');
    assert.deepEqual(await sendMail(message, { to: ['a@b.org', 'c@d.org'], command }, signal), {
      state: 'delivered',
    });
    assert.equal(fs.readFileSync(`${out}.args`, 'utf8'), '-i\n--\na@b.org\nc@d.org\n');
    const text = fs.readFileSync(out, 'latin1');
    const [head = '', body = ''] = text.split(/\n\n(.*)/s);
    assert.doesNotMatch(text, /[^\n -~]/);
    assert.deepEqual(
      head
        .split('\n')
        .filter(line => !line.startsWith(' '))
        .map(line => line.split(':')[0]),
      [
        'To',
        'Subject',
        'Date',
        'Message-ID',
        'Auto-Submitted',
        'MIME-Version',
        'Content-Type',
        'Content-Transfer-Encoding',
      ],
    );
    assert.ok(text.split('\n').every(line => line.length <= 998));
    const plain = Buffer.from(body.replaceAll('\n', ''), 'base64').toString('utf8');
    assert.match(plain, /Überweisung/);
    assert.doesNotMatch(plain, /sk-ant-api03-abc/);
    folder.remove();
  });

  it('that is not taken waits, with what the program says; one that hangs is ended', async function () {
    if (process.platform === 'win32') return this.skip();
    const folder = temporaryFolder('mail');
    const command = program(folder.path, 'echo "queue is full" >&2; exit 75');
    const { why } = (await sendMail(messageFor(), { to: ['a@b.org'], command }, signal)) as {
      why: string;
    };
    assert.match(why, /ended with 75: queue is full/);
    const hangs = program(folder.path, 'exec sleep 60');
    const hung = await sendMail(messageFor(), { to: ['a@b.org'], command: hangs }, signal, 100);
    assert.match((hung as { why: string }).why, /SIGKILL/);
    const gone = await sendMail(
      messageFor(),
      { to: ['a@b.org'], command: '/nowhere/sendmail' },
      signal,
    );
    assert.match((gone as { why: string }).why, /ENOENT/);
    folder.remove();
  });
});
