// Texts that do something where a page or VS Code takes them for more than text.

/** What markup calls; the test hears of it, in whatever frame it runs. */
export const marker = 'hostileTextRan';
export const scripts = `</script><script>${marker}()</script>`;
export const image = `<img src=x onerror=${marker}()>`;
export const markup = `${scripts}${image}`;

// Zen mode hides the side bar: it is seen at once that the command ran.
export const command = '[go](command:workbench.action.toggleZenMode)';
export const links = `${command} <command:workbench.action.toggleZenMode> [go](javascript:${marker}()) $(error)`;

/** Turns what follows it round, and so could make `exe.txt` of `txt.exe`. */
export const rightToLeft = 'safe\u202Egpj.exe';
export const isolates = 'open \u2067\u2066open';
export const controls = 'null\0 bell\x07 escape\x1b[31m delete\x7f next\x85';
export const hebrew = 'שלום עולם';
export const combining = `e\u0301 Z${'\u0310\u0311\u0312\u0313'.repeat(20)}algo 👩‍👩‍👧‍👦 🇪🇺`;

/** Has no place to break a line at. */
export const unbroken = 'x'.repeat(300);

/** Texts that end what they stand in, or start something, where a page has them as more than text. */
export const pageTexts: readonly string[] = [
  `</script></style></title></textarea></template></pre></details></main>${image}`,
  `<!-- ${image} --!> <![CDATA[ ]]> <?xml ?>`,
  `<svg onload=${marker}()><use href="data:image/svg+xml,x"/><foreignObject>${image}`,
  `<template shadowrootmode="open">${image}</template><math><mtext></mtext>`,
  `<a href="javascript:${marker}()">go</a> data:text/html,${scripts}`,
  `<meta http-equiv="refresh" content="0;url=https://example.invalid"><base href="https://example.invalid">`,
  `<form action="https://example.invalid"><input autofocus onfocus=${marker}()>`,
  `" onmouseover="${marker}()" autofocus x='y`,
  `'><link rel=stylesheet href=https://example.invalid/x.css><style>*{display:none}</style>`,
  `&lt;b&gt; &#60;script&#62; &amp;amp; &notit; &#x202e;`,
  'line\u2028separator\u2029paragraph',
  'half \ud83d of a pair, the other \ude00',
  'turned \u202egnp.exe \u2066\u2067open \u200f\u061c\u200b\ufeff',
  'nothing \0 bell \x07 escape \x1b[31m next \x85 not \ufffe\uffff',
  '\n\nbegins with empty lines',
];
