import assert from 'node:assert/strict';
import { markdownText, unlinked } from '../../src/core/inert.ts';

describe('text where VS Code looks for links and icons', () => {
  // As VS Code 1.139 finds them.
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/i;
  const icon = /\$\([\w-]+(?:~\w+)?\)/;

  it('holds none of them, and reads the same', () => {
    const text = '[go](command:x) [a][b](file:///x) $(error) \\$(sync~spin) f(x) [1] (2)';
    const shown = unlinked(text);
    assert.doesNotMatch(shown, link);
    assert.doesNotMatch(shown, icon);
    assert.equal(shown.replaceAll('\u2060', ''), text);
    assert.equal(unlinked('f(x) [1] (2) 3 $ (4)'), 'f(x) [1] (2) 3 $ (4)');
  });
});

describe('text within Markdown', () => {
  const read = (markdown: string): string =>
    markdown
      .replace(/&nbsp;/g, ' ')
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

  it('has no sign that could mean something, and reads the same', () => {
    const text =
      '**a** <command:x> <img src=x> &lt; [b](c) ![d](e) `f` # g\\ h_i_ ~j~ |k| www.l.m a@b.c https://n';
    const markdown = markdownText(text);
    assert.doesNotMatch(markdown.replace(/&(?:#\d+|nbsp);/g, ''), /[!-/:-@[-`{-~]/);
    assert.equal(read(markdown), text);
  });

  it('keeps spaces and lines', () => {
    assert.equal(markdownText('    a  b\nc '), '&nbsp;&nbsp;&nbsp; a&nbsp; b\n\nc&nbsp;');
    assert.equal(markdownText('1. שלום é'), '1&#46; שלום é');
  });
});
