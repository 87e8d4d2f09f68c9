import assert from 'node:assert/strict';
import { highlight } from '../../webview/markdown/highlight.ts';
import { linked } from '../../webview/markdown/inlines.ts';
import { parseMarkdown } from '../../webview/markdown/parse.ts';
import { bundled } from './support/bundled.ts';

interface Page {
  /** A text as the page's elements, written as HTML. */
  render(text: string): string;
  renderWhole(text: string): string;
}

let page: Page;

before(async () => {
  page = await bundled<Page>(`
    import { renderToStaticMarkup } from 'react-dom/server';
    import { englishWords } from './src/core/words.ts';
    import { PageContext } from './webview/app/page.tsx';
    import { Blocks, Markdown } from './webview/markdown/Markdown.tsx';
    import { parseMarkdown } from './webview/markdown/parse.ts';
    const html = child =>
      renderToStaticMarkup(<PageContext value={{ words: englishWords }}>{child}</PageContext>);
    export const render = text =>
      html((parseMarkdown(text) ?? []).map((part, i) => <Blocks key={i} nodes={part.nodes()} />));
    export const renderWhole = text => html(<Markdown text={text} />);
  `);
});

/** The words of some HTML, as a reader has them. */
const wordsOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, '&');

describe('Markdown as elements', () => {
  it('has headings, emphasis, lists, quotes, rules and code', () => {
    const html = page.render(
      '# One\n\n**b** *i* ~~d~~ `c`\n\n- a\n  - b\n\n3. x\n\n> q\n\n---\n\n    indented',
    );
    for (const part of [
      /<h3[^>]*>One<\/h3>/,
      /<strong>b<\/strong> <em>i<\/em> <del>d<\/del> <code class="inline-code">c<\/code>/,
      /<ul><li dir="auto">a<ul><li dir="auto">b<\/li><\/ul><\/li><\/ul>/,
      /<ol start="3"><li dir="auto">x<\/li><\/ol>/,
      /<blockquote dir="auto"><p dir="auto">q<\/p><\/blockquote><hr\/>/,
      /<code class="code" dir="ltr">indented<\/code>/,
    ]) {
      assert.match(html, part);
    }
  });

  it('has tables with their alignment, and tasks with a word for their state', () => {
    const html = page.render('| a | b |\n|:-:|--:|\n| 1 | **2** |\n\n- [x] done\n- [ ] open');
    assert.match(html, /<th scope="col" class="cell-center" dir="auto">a<\/th>/);
    assert.match(html, /<td class="cell-end" dir="auto"><strong>2<\/strong><\/td>/);
    assert.match(html, /aria-label="Done:">☑<\/span>done/);
    assert.match(html, /aria-label="To do:">☐<\/span>open/);
  });

  it('keeps line ends, and text that Markdown has another use for', () => {
    assert.match(page.render('one\ntwo'), /one<br\/>two/);
    for (const text of ['[User]: yes', '<!-- a comment -->', '[1]: https://example.com "t"']) {
      assert.equal(wordsOf(page.render(text)), text);
    }
  });

  it('links to the web and to mail, and to nothing else', () => {
    const html = page.render(
      '[a](https://a.example/?q=1) <https://b.example> https://c.example [d](mailto:d@d.example)',
    );
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(match => match[1]);
    assert.deepEqual(links, [
      'https://a.example/?q=1',
      'https://b.example/',
      'https://c.example/',
      'mailto:d@d.example',
    ]);
  });

  const targets = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#106;avascript:alert(1)',
    '<java\tscript:alert(1)>',
    'vbscript:x',
    'data:text/html,x',
    'command:workbench.action.quit',
    'vscode:extension/a.b',
    'vscode-insiders://x',
    'file:///etc/passwd',
    '//example.com',
    '#top',
    'relative.md',
    'blob:https://example.com/1',
  ];
  for (const target of targets) {
    it(`makes no link of ${JSON.stringify(target)}`, () => {
      const html = page.render(`[words](${target}) <${target.replace(/[<>]/g, '')}>`);
      assert.doesNotMatch(html, /<a\b|href/);
      assert.match(html, /words/);
    });
  }

  it('loads no image and makes no element of HTML', () => {
    const text =
      '![alt](https://example.com/x.png) <img src=x onerror=alert(1)> <style>*{}</style> </script><script>1</script>';
    const html = page.render(text);
    assert.doesNotMatch(html, /<(img|style|script|link|iframe|svg)\b/);
    assert.match(wordsOf(html), /^image: alt \(https:\/\/example.com\/x.png\) <img src=x/);
    assert.match(wordsOf(html), /<\/script><script>1<\/script>$/);
  });

  it('is the text itself where it nests too deeply or is too long', () => {
    assert.equal(parseMarkdown('>'.repeat(100_000)), undefined);
    assert.equal(parseMarkdown(`${'- '.repeat(1000)}a`), undefined);
    const long = page.renderWhole('word '.repeat(30_000));
    assert.match(long, /too long for Markdown/);
    assert.ok(wordsOf(long).endsWith('word '.repeat(30_000)));
  });

  it('leaves parts of thousands of pieces as they are', () => {
    const flat = (text: string) => text.replaceAll('\n', '');
    const list = '- a\n'.repeat(3_000).trimEnd();
    const table = `${'|a'.repeat(1_000)}|\n${'|-'.repeat(1_000)}|`;
    for (const text of [list, table]) {
      const html = page.render(`before\n\n${text}\n\nafter`);
      assert.doesNotMatch(html, /<(li|td|th)\b/);
      assert.ok(flat(wordsOf(html)) === `before${flat(text)}after`, text.slice(0, 10));
    }
  });

  it('drops nothing of a hostile text, and ends', () => {
    for (const text of [
      '['.repeat(100_000),
      '!['.repeat(50_000),
      '*'.repeat(100_000),
      '*a '.repeat(3_000),
      '`'.repeat(5_000),
      '<'.repeat(9_000),
      '&'.repeat(9_000),
      '\\'.repeat(9_001),
      '[a]('.repeat(2_000),
      '|a'.repeat(4_000),
      '~'.repeat(100_000),
    ]) {
      const letters = (all: string) => all.replace(/[^a-z[\]!&<]/g, '').length;
      assert.equal(letters(wordsOf(page.render(text))), letters(text), text.slice(0, 10));
    }
  });
});

describe('linked', () => {
  it('judges an address as browsers read it', () => {
    assert.equal(linked('https://example.com/ä'), 'https://example.com/%C3%A4');
    assert.equal(linked('java\nscript:alert(1)'), undefined);
    assert.equal(linked(' \u0001javascript:alert(1)'), undefined);
    assert.equal(linked(`https://example.com/${'x'.repeat(5000)}`), undefined);
  });
});

describe('highlight', () => {
  it('tells keywords, names, strings, numbers and comments apart', () => {
    const pieces = highlight('def net(a): # why\n  return "x" + str(12)', 'python') ?? [];
    const roles = pieces.filter(one => one.role).map(one => `${one.role} ${one.text}`);
    assert.deepEqual(
      roles,
      [
        'word def',
        'key net',
        'comment # why',
        'word return',
        'string "x"',
        'word str',
        'number 12',
      ].filter(one => roles.includes(one)),
    );
    assert.ok(roles.includes('key net') && roles.includes('comment # why'));
  });

  it('loses no character, whatever the language', () => {
    const code = '<a b="c">$(x)</a> /* y */ \'z\n-- w\n@@ -1 +1 @@\n+n\n"""\n\u0000{{{[[[';
    for (const language of [
      'python',
      'ts',
      'js',
      'bash',
      'sql',
      'html',
      'css',
      'yaml',
      'go',
      'rust',
      'java',
      'cpp',
      'cs',
      'diff',
      'json',
    ]) {
      assert.equal(
        highlight(code, language)
          ?.map(one => one.text)
          .join(''),
        code,
        language,
      );
    }
    assert.equal(highlight(code, 'brainfuck'), undefined);
    assert.equal(highlight(code, 'constructor'), undefined);
  });
});
