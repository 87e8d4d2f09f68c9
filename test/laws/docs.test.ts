import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultRetries, defaultSilenceMs, mostAnswerBytes } from '../../src/net/messagesApi.ts';
import { maxKeptBytes, maxWholeBytes } from '../../src/store/pathFile.ts';
import { findFiles, inRepo, root } from '../tools/repo.ts';

const documents = findFiles('*.md');
/** Files that are made, and so are not there in a fresh checkout. */
const made = /^(dist\/|agent-trace-inspector\.vsix|test\/out\/)/;
const folder = /^(src|webview|test|media|docs|\.vscode|\.ci)\//;

/** Paths that a document names: in its links, and in its code spans that begin with one of our folders. */
function namedFiles(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1] ?? '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '');
  return [
    ...links.filter(link => !/^(\w+:|#)/.test(link)).map(link => link.replace(/#.*$/, '')),
    ...spans.filter(span => folder.test(span) && !/[\s*{}<>]/.test(span)),
  ].filter(file => !made.test(file));
}

const missing = (text: string): string[] =>
  namedFiles(text).filter(file => !fs.existsSync(inRepo(file)));

describe('documents', () => {
  for (const document of documents) {
    it(`name files that exist: ${document}`, () => {
      assert.deepEqual(missing(fs.readFileSync(path.join(root, document), 'utf8')), []);
    });
  }

  it('are caught naming a file that does not exist', () => {
    const text = 'See [here](nowhere.md), `src/core/gone.ts` and `src/core/model.ts`.';
    assert.deepEqual(missing(text), ['nowhere.md', 'src/core/gone.ts']);
  });
});

describe('the README', () => {
  const readme = fs.readFileSync(inRepo('README.md'), 'utf8');
  const sources = fs.readFileSync(inRepo('src/extension/sources.ts'), 'utf8');

  it('names the largest file sizes as the errors do', () => {
    const named = (where: RegExp): number => {
      const [, size, unit] = where.exec(readme) ?? [];
      return Number(size) * (unit === 'GB' ? 1e9 : 1e6);
    };
    const bytes = /maximumBytes = ([\d_]+);/.exec(sources)?.[1]?.replaceAll('_', '');
    assert.equal(named(/the limit is (\d+) (MB)/), Number(bytes));
    assert.equal(named(/read whole, then up to ([\d.]+) (GB)/), maxWholeBytes);
    assert.equal(named(/A file up to (\d+) (MB) that keeps being written to/), maxKeptBytes);
    assert.equal(named(/or is longer than (\d+) (MB)\./), mostAnswerBytes);
  });

  it('names how long and how often a call is tried', () => {
    const [, seconds] = /`--timeout SECONDS`[^|]*\|[^|]*\((\d+)\)/.exec(readme) ?? [];
    assert.equal(Number(seconds) * 1000, defaultSilenceMs);
    assert.match(readme, /tried again up to twice/);
    assert.equal(defaultRetries, 2);
  });
});
