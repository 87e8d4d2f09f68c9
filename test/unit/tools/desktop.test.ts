import assert from 'node:assert/strict';
import { executableOf } from '../../tools/desktop.ts';

describe('the program behind a `code`', () => {
  const of = (file: string, platform: NodeJS.Platform, there: string, linked = file) =>
    executableOf(
      file,
      platform,
      one => one === there,
      () => linked,
    );

  it('is found from the script that starts it', () => {
    assert.equal(
      of('/usr/bin/code', 'linux', '/usr/share/code/code', '/usr/share/code/bin/code'),
      '/usr/share/code/code',
    );
    const contents = '/Applications/Visual Studio Code.app/Contents';
    assert.equal(
      of(
        '/usr/local/bin/code',
        'darwin',
        `${contents}/MacOS/Electron`,
        `${contents}/Resources/app/bin/code`,
      ),
      `${contents}/MacOS/Electron`,
    );
    const windows = 'C:\\Program Files\\Microsoft VS Code';
    assert.equal(
      of(`${windows}\\bin\\code.cmd`, 'win32', `${windows}\\Code.exe`),
      `${windows}\\Code.exe`,
    );
  });

  it('is the file itself where it is no such script', () => {
    assert.equal(of('/opt/code', 'linux', '/opt/code'), '/opt/code');
    assert.equal(of('/opt/bin/other', 'linux', '/nowhere'), '/opt/bin/other');
  });
});
