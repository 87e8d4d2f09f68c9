import type { ToolDefinition } from '../core/replay/toolTypes.ts';
import { isSecretField, isSecretHeader, markerOf } from '../core/secretPatterns.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What programs need to find one another, their home, and the user's language. Nothing else is passed on. */
const usualNames =
  process.platform === 'win32'
    ? [
        ...['PATH', 'PATHEXT', 'SYSTEMROOT', 'SYSTEMDRIVE', 'COMSPEC', 'TEMP', 'TMP', 'USERNAME'],
        ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMFILES'],
      ]
    : ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'];

/** The variables that a tool gets of the environment. */
export function passedOn(
  { passEnv }: Pick<ToolDefinition, 'passEnv'>,
  own: Environment,
): Readonly<Record<string, string>> {
  const upper = process.platform === 'win32';
  const wanted = new Set(
    [...usualNames, ...passEnv].map(name => (upper ? name.toUpperCase() : name)),
  );
  const passed: [string, string][] = [];
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && wanted.has(upper ? name.toUpperCase() : name)) {
      passed.push([name, value]);
    }
  }
  return Object.fromEntries(passed);
}

/** Shorter ones are no secrets, and would be found everywhere. */
const shortest = 8;

/** Of variables and headers, the values that must be nowhere in what is shown or kept. */
export const secretsIn = (texts: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(texts).flatMap(([name, value]) => (isSecretName(name) ? [value] : []));

/** `GITHUB_TOKEN` is one, `TOKENIZERS_PARALLELISM` is none. */
const isSecretName = (name: string): boolean =>
  isSecretField(name) ||
  isSecretHeader(name) ||
  /(?:^|[_-])(?:api[_-]?key|key|token|secret|password|passwd|pat|credentials?)$/i.test(name);

/** Puts marks in the place of secrets. */
export function withoutSecrets(secrets: readonly string[]): (text: string) => string {
  const long = [...new Set(secrets)].filter(secret => secret.length >= shortest);
  // The longest first: one may be a part of another.
  const forms = long
    .flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return text => forms.reduce((left, form) => left.replaceAll(form, markerOf('secret')), text);
}

/** What a file of variables holds: `NAME=value`, one a line, as VS Code reads `envFile`. */
export function variablesIn(text: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [, quote, inside = ''] = /^(["'])(.*)\1$/.exec(value) ?? [];
    const plain = quote === undefined ? value.replace(/\s+#.*$/, '') : inside;
    found.push([name, quote === '"' ? plain.replaceAll('\\n', '\n') : plain]);
  }
  return Object.fromEntries(found);
}
