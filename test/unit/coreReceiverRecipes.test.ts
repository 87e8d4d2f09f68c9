import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { receiverVariables, shellLines } from '../../src/core/receiverRecipes.ts';

describe('The variables for programs that send to the receiver', () => {
  const url = 'http://127.0.0.1:4318';

  it('reach what a POSIX shell starts once they are pasted into it', function () {
    if (process.platform === 'win32') this.skip();
    const odd = { ...receiverVariables('any', url, 'a-token'), OWN: 'it\'s $HOME; `ls` \\ "x"' };
    const lines = shellLines(odd, 'posix');
    const seen = execFileSync('/bin/sh', ['-c', `${lines}env -0`], { encoding: 'utf8', env: {} });
    const of = new Map(seen.split('\0').map(one => [one.split('=')[0], one.replace(/^\w*=/, '')]));
    for (const [name, value] of Object.entries(odd)) assert.equal(of.get(name), value, name);
  });

  it('are quoted as PowerShell and cmd do it', () => {
    const one = { A: "it's" };
    assert.equal(shellLines(one, 'powershell'), "$env:A = 'it''s'\n");
    assert.equal(shellLines(one, 'cmd'), 'set "A=it\'s"\n');
  });
});
