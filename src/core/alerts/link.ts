import { asArgument } from '../shellWord.ts';

/** A place in a trace file, as a link or a command names it. */
export interface LinkPlace {
  /** The whole path of the file. */
  readonly file: string;
  readonly run?: string | undefined;
  readonly span?: string | undefined;
}

/** Publisher and name of the extension: VS Code hands its links to the extension by these. */
const extensionId = 'agent-trace-inspector.agent-trace-inspector';
export const showPath = '/show';
const keys = ['file', 'run', 'span'] as const;

/** Paths and ids are short; a link with more in it was made by nobody who means well. */
const longest = 4096;

/** @param scheme that of the editor: `vscode`, `vscode-insiders`, `cursor` */
export function showLink(scheme: string, place: LinkPlace): string {
  const query = keys
    .flatMap(key => {
      const value = place[key];
      return value === undefined ? [] : [`${key}=${encoded(value)}`];
    })
    .join('&');
  return `${scheme}://${extensionId}${showPath}?${query}`;
}

/** Also the signs that ends of links are guessed by, or that mean something to who shows the link. */
const encoded = (value: string): string =>
  encodeURIComponent(wellFormed(value)).replace(
    /[!'()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Half of a pair of code units, which a recorded text may hold, has no encoding: services refuse all of a message with one. */
export const wellFormed = (text: string): string =>
  text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');

/**
 * What a link asks for; undefined where it is none of ours.
 *
 * @param query decoded, as VS Code hands it over: an `&` in a path is an `&` there
 */
export function readShowLink(path: string, query: string): LinkPlace | undefined {
  if (path !== showPath || query.length > 3 * longest) return undefined;
  const found = new Map<string, string>();
  for (const part of query.split(/&(?=(?:file|run|span)=)/)) {
    const [, key, value] = /^(file|run|span)=(.*)$/s.exec(part) ?? [];
    // Named twice, it is not clear which is meant.
    if (key === undefined || value === undefined || found.has(key)) return undefined;
    if (value === '' || value.length > longest || /\p{Cc}/u.test(value)) return undefined;
    found.set(key, value);
  }
  const file = found.get('file');
  return file === undefined ? undefined : { file, run: found.get('run'), span: found.get('span') };
}

/** The command line that shows the same. */
export function showCommand({ file, run, span }: LinkPlace): string {
  const [verb, id] = span !== undefined ? ['cause', span] : ['show', run];
  const words = id === undefined ? ['failed', file] : [verb, file, id];
  const isOption = words.slice(1).some(word => word?.startsWith('-'));
  const given = words.slice(1).map(word => asArgument(wellFormed(word ?? '')));
  return `agent-traces ${[words[0], ...(isOption ? ['--'] : []), ...given].join(' ')}`;
}
