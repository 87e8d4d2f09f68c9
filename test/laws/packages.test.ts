import assert from 'node:assert/strict';
import { outputOf } from '../tools/processes.ts';
import { findFiles } from '../tools/repo.ts';

describe('the npm package', () => {
  it('holds what is built, its manifest and its documents, and nothing else', async () => {
    const flags = ['--dry-run', '--json', '--ignore-scripts', '--no-update-notifier', '--silent'];
    const [packed]: { files: { path: string }[] }[] = JSON.parse(
      await outputOf('npm', ['pack', ...flags]),
    );
    assert.deepEqual(
      packed?.files.map(file => file.path).sort(),
      [
        ...findFiles('dist/**/*.*'),
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
        'package.nls.json',
      ].sort(),
    );
  });
});
