// Loaded when the first code is shown.
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import type { CodePiece } from './codePieces.ts';

const lowlight = createLowlight({
  bash,
  cpp,
  csharp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
});

/** Code in coloured pieces; joined, they are the code again. Undefined where its language is not known. */
export function highlight(code: string, language: string): readonly CodePiece[] | undefined {
  if (!lowlight.registered(language)) return undefined;
  const pieces: CodePiece[] = [];
  const visit = (nodes: readonly Hast[], role: CodePiece['role']): void => {
    for (const node of nodes) {
      if (node.type === 'text') pieces.push({ text: node.value, role });
      else if (node.type === 'element') {
        const [name = ''] = classNames(node.properties.className);
        visit(node.children, roles.has(name) ? roles.get(name) : role);
      }
    }
  };
  visit(lowlight.highlight(language, code).children, undefined);
  return pieces;
}

type Hast = ReturnType<typeof lowlight.highlight>['children'][number];

const classNames = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];

/** The few colours that a page has for code; what is not named here has that of its surroundings. */
const roles: ReadonlyMap<string, CodePiece['role']> = new Map<string, CodePiece['role']>([
  ['hljs-comment', 'comment'],
  ['hljs-quote', 'comment'],
  ['hljs-meta', 'comment'],
  ['hljs-string', 'string'],
  ['hljs-regexp', 'string'],
  ['hljs-char', 'string'],
  ['hljs-symbol', 'string'],
  ['hljs-number', 'number'],
  ['hljs-keyword', 'word'],
  ['hljs-literal', 'word'],
  ['hljs-type', 'word'],
  ['hljs-selector-tag', 'word'],
  ['hljs-name', 'word'],
  ['hljs-title', 'key'],
  ['hljs-attr', 'key'],
  ['hljs-attribute', 'key'],
  ['hljs-section', 'key'],
  ['hljs-selector-class', 'key'],
  ['hljs-selector-id', 'key'],
  ['hljs-subst', undefined],
  ['hljs-addition', 'added'],
  ['hljs-deletion', 'removed'],
]);
