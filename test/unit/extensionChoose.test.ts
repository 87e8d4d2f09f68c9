import assert from 'node:assert/strict';
import { picks, toasts } from './support/vscode.ts';

const { choose } = await import('../../src/extension/choose.ts');

const question = (load: () => Promise<{ label: string; value: number }[]>, back: boolean) =>
  choose({ title: 't', placeholder: 'p', none: 'nothing there', back, load });
const never = () => new Promise<never>(() => undefined);
const turn = () => new Promise(resolve => setTimeout(resolve, 0));

describe('a question', () => {
  beforeEach(() => {
    toasts.splice(0);
    picks.splice(0);
  });

  it('gives what is chosen, and shows recorded names as they are', async () => {
    const asked = question(async () => [{ label: 'a $(error)', value: 7 }], false);
    await turn();
    const [item] = picks[0]?.items ?? [];
    assert.equal(item?.label, 'a $\u2060(error)');
    picks[0]?.accept(item);
    assert.equal(await asked, 7);
  });

  it('ends without a word when it is closed while it loads', async () => {
    const asked = question(never, true);
    picks[0]?.hide();
    assert.equal(await asked, undefined);
    const empty = Promise.withResolvers<[]>();
    const second = question(() => empty.promise, true);
    picks[1]?.hide();
    empty.resolve([]);
    assert.equal(await second, undefined);
    assert.deepEqual(toasts, []);
  });

  it('goes back at once while it loads', async () => {
    const asked = question(never, true);
    picks[0]?.back();
    assert.equal(await asked, 'back');
  });

  it('says that there is nothing to choose, and leads back where there is a question before', async () => {
    assert.equal(await question(async () => [], true), 'back');
    assert.equal(await question(async () => [], false), undefined);
    assert.deepEqual(
      toasts.map(({ words }) => words),
      ['nothing there', 'nothing there'],
    );
  });

  it('fails as its loading fails, but not once it is closed', async () => {
    await assert.rejects(
      question(() => Promise.reject(new Error('gone')), false),
      /gone/,
    );
    const late = Promise.withResolvers<never>();
    const asked = question(() => late.promise, false);
    picks[1]?.hide();
    assert.equal(await asked, undefined);
    late.reject(new Error('too late'));
    await turn();
  });
});
