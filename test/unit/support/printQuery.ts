import type { Query, SoughtText } from '../../../src/core/query/ast.ts';

/** A query as a text that is read as the same query. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'text':
      return printText(query.sought, /[\s()"|=<>:]|&&|!=|^-.|^(OR|AND|NOT)$|^$/);
    case 'field': {
      const special = query.comparison === ':' ? /[\s()"]|^[=<>]|^$/ : /[\s()"]|^$/;
      return `${query.field}${query.comparison}${printText(query.written, special)}`;
    }
    case 'not':
      return `-${inParentheses(query.part, query.part.kind !== 'text' && query.part.kind !== 'field')}`;
    case 'and':
      return query.parts.map(part => inParentheses(part, part.kind === 'or')).join(' ');
    case 'or':
      return query.parts.map(printQuery).join(' OR ');
  }
}

const inParentheses = (query: Query, needed: boolean): string =>
  needed ? `(${printQuery(query)})` : printQuery(query);

function printText({ text, quoted }: SoughtText, special: RegExp): string {
  return quoted || special.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
