import type { Cut } from '../../src/core/content.ts';

/** A field of a tool's input that is code: readable only with its lines as lines. */
export interface CodeField {
  readonly name: string;
  readonly text: string;
  /** Its language as the highlighter names it. */
  readonly language: string;
}

const byKey: ReadonlyMap<string, string> = new Map([
  ['command', 'bash'],
  ['cmd', 'bash'],
  ['bash', 'bash'],
  ['sql', 'sql'],
  ['python', 'python'],
  ['patch', 'diff'],
  ['diff', 'diff'],
  ['html', 'xml'],
]);
const byEnding: ReadonlyMap<string, string> = new Map([
  ...['ts', 'tsx', 'mts'].map(one => [one, 'typescript'] as const),
  ...['js', 'jsx', 'mjs', 'cjs'].map(one => [one, 'javascript'] as const),
  ...['c', 'h', 'cc', 'cpp', 'hpp'].map(one => [one, 'cpp'] as const),
  ...['html', 'xml', 'svg'].map(one => [one, 'xml'] as const),
  ...['yml', 'yaml'].map(one => [one, 'yaml'] as const),
  ['py', 'python'],
  ['sh', 'bash'],
  ['sql', 'sql'],
  ['css', 'css'],
  ['go', 'go'],
  ['rs', 'rust'],
  ['java', 'java'],
  ['cs', 'csharp'],
  ['json', 'json'],
  ['diff', 'diff'],
]);
const byTool: readonly (readonly [RegExp, string])[] = [
  [/python|jupyter|pandas/, 'python'],
  [/javascript|node|\bjs\b/, 'javascript'],
  [/typescript/, 'typescript'],
  [/sql|query/, 'sql'],
  [/bash|shell|terminal/, 'bash'],
];
const codeKeys: readonly string[] = ['code', 'script', 'source', 'program', 'query'];
const pathKeys: readonly string[] = ['path', 'file_path', 'filePath', 'filename', 'file'];

/** The fields of several lines of which the language is known: by name, by the file they go to, or by the tool. */
export function codeFields(toolName: string, input: Cut): readonly CodeField[] {
  if (input.text.length < input.chars || !input.text.includes('\\n')) return [];
  const fields = parsed(input.text);
  const ending = pathKeys.map(key => endingOf(fields[key])).find(one => one !== undefined);
  return Object.entries(fields).flatMap(([name, text]) => {
    if (typeof text !== 'string' || !text.trim().includes('\n')) return [];
    const language =
      byKey.get(name) ?? (codeKeys.includes(name) ? ofTool(toolName) : undefined) ?? ending;
    return language === undefined ? [] : [{ name, text, language }];
  });
}

const ofTool = (name: string): string | undefined =>
  byTool.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];

function endingOf(path: unknown): string | undefined {
  const ending = typeof path === 'string' ? /\.(\w{1,5})$/.exec(path)?.[1] : undefined;
  return ending === undefined ? undefined : byEnding.get(ending.toLowerCase());
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    // What a model wrote as arguments need not be JSON.
    return {};
  }
}
