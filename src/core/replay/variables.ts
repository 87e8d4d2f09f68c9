import { fillIn } from '../errors.ts';
import type { ToolWords } from './toolWords.ts';

/** What stands for the variables of a text, `${name}` or `${name:argument}`. */
export interface VariableValues {
  readonly workspaceFolder: string;
  readonly userHome: string;
  readonly pathSeparator: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined: texts with `${input:…}` are refused as a variable that is not supported here. */
  readonly input: ((id: string) => string) | undefined;
}

/** Why a text could not be filled in, in words. */
export class VariableFailure extends Error {}

const pattern = /\$\{([^}]*)(\}?)/g;
const names = ['workspaceFolder', 'workspaceFolderBasename', 'userHome', 'pathSeparator', '/'];

/** The ids of the inputs that a text asks for. */
export const inputIds = (text: string): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, inside = '']) =>
    inside.startsWith('input:') ? [inside.slice('input:'.length)] : [],
  );

/** @throws VariableFailure where a variable is not known, or has no value */
export function withVariables(text: string, values: VariableValues, words: ToolWords): string {
  return text.replace(pattern, (whole, inside: string, end: string) => {
    if (end === '') throw new VariableFailure(words.variableOpen);
    const value = meaningOf(inside, values);
    if (value !== undefined) return value;
    if (inside.startsWith('env:')) {
      throw new VariableFailure(fillIn(words.variableUnset, [inside.slice('env:'.length)]));
    }
    const known = [...names, 'env:…', ...(values.input ? ['input:…'] : [])];
    const shown = known.map(name => `\${${name}}`).join(', ');
    throw new VariableFailure(fillIn(words.variable, [whole, shown]));
  });
}

function meaningOf(name: string, values: VariableValues): string | undefined {
  const [, kind, argument = ''] = /^(env|input):(.*)$/s.exec(name) ?? [];
  if (kind === 'env') {
    return Object.hasOwn(values.env, argument) ? values.env[argument] : undefined;
  }
  if (kind === 'input') return values.input?.(argument);
  switch (name) {
    case 'workspaceFolder':
      return values.workspaceFolder;
    case 'workspaceFolderBasename':
      return /[^/\\]*$/.exec(values.workspaceFolder.replace(/[/\\]+$/, ''))?.[0];
    case 'userHome':
      return values.userHome;
    case 'pathSeparator':
    case '/':
      return values.pathSeparator;
  }
  return undefined;
}
