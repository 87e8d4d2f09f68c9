import assert from 'node:assert/strict';
import { TraceError } from '../../src/core/errors.ts';
import { unlinked } from '../../src/core/inert.ts';
import type { Log } from '../../src/extension/log.ts';
import { toasts } from './support/vscode.ts';

const { showError, showInfo } = await import('../../src/extension/errors.ts');

// As VS Code 1.139 finds links in a notification (base/common/linkedText) and icons in a label.
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const icon = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i;
const planted = 'x](y [Show](command:workbench.action.quit) [a](https://evil "t") $(error) end';
const log = { error: () => undefined } as unknown as Log;

describe('what strangers recorded', () => {
  beforeEach(() => toasts.splice(0));

  it('is no link and no icon, and reads the same', () => {
    assert.match(planted, link);
    assert.match(planted, icon);
    assert.doesNotMatch(unlinked(planted), link);
    assert.doesNotMatch(unlinked(planted), icon);
    assert.equal(unlinked(planted).replaceAll('\u2060', ''), planted);
    assert.equal(unlinked('f(x) costs $3 [1] (2)'), 'f(x) costs $3 [1] (2)');
  });

  it('is no link in a notification, whoever shows it', () => {
    showInfo(`“${planted}” recorded no source.`, 'Show Span');
    showError(log, 'test', new TraceError('fileMissing', [planted]));
    assert.equal(toasts.length, 2);
    for (const { words } of toasts) {
      assert.ok(words.replaceAll('\u2060', '').includes(planted));
      assert.doesNotMatch(words, link);
    }
  });

  it('is no news where the user cancelled', () => {
    showError(log, 'test', new TraceError('cancelled'));
    assert.deepEqual(toasts, []);
  });
});
