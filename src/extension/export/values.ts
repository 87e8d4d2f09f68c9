import * as vscode from 'vscode';
import type { Destination, Values, Variable } from '../../net/destinations/destination.ts';
import { choose } from '../choose.ts';

/** Where what a destination needs to know comes from. What was given here goes before the environment. */
export interface Known {
  readonly secrets: vscode.SecretStorage;
  readonly env: Values;
}

/** Several destinations know a variable of the same name; each address that is typed in has headers of its own. */
function secretOf({ id, url }: Destination, { name }: Variable): string {
  const own = id === 'custom' ? `${id} ${new URL(url({})).origin}` : id;
  return `agentTraces.export ${own} ${name}`;
}

/** What is known; asks for nothing. */
export async function knownValues(
  destination: Destination,
  { secrets, env }: Known,
): Promise<Values> {
  const all = destination.variables.map(async variable => {
    const stored = await secrets.get(secretOf(destination, variable));
    return [variable.name, stored || env[variable.name]] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** The same, and what is missing from the user. Undefined: not given. */
export async function neededValues(
  destination: Destination,
  known: Known,
): Promise<Values | undefined> {
  const values = await knownValues(destination, known);
  for (const variable of destination.variables) {
    if (!variable.required || values[variable.name]) continue;
    if ((await ask(destination, variable, known)) !== 'given') return undefined;
  }
  return knownValues(destination, known);
}

/** What can be changed of what a destination is told; undefined: it is told nothing. */
export function changeWords({ id, variables }: Destination): string | undefined {
  const t = vscode.l10n.t;
  if (variables.length === 0) return undefined;
  if (id === 'custom') return t('Change Headers…');
  return variables.length === 1 ? t('Change Key…') : t('Change Key or Address…');
}

/** Any of what a destination can be told, also what it does without. False: nothing was changed. */
export async function changeValue(destination: Destination, known: Known): Promise<boolean> {
  const [first, ...others] = destination.variables;
  const variable = first && others.length === 0 ? first : await pickVariable(destination, known);
  return !!variable && (await ask(destination, variable, known)) !== 'dismissed';
}

async function pickVariable(destination: Destination, known: Known): Promise<Variable | undefined> {
  const t = vscode.l10n.t;
  const load = async () => {
    const values = await knownValues(destination, known);
    return Promise.all(
      destination.variables.map(async variable => {
        const value = values[variable.name];
        const stored = await known.secrets.get(secretOf(destination, variable));
        const where = stored ? t('stored in VS Code') : t('from the environment');
        const shown = variable.secret ? where : `${value} · ${where}`;
        return { label: variable.name, description: value ? shown : t('not set'), value: variable };
      }),
    );
  };
  const placeholder = t('What to change');
  const chosen = await choose({
    ...{ title: destination.label, placeholder, none: '', back: true, stays: true },
    load,
  });
  return chosen === 'back' ? undefined : chosen;
}

/** Another key in place of the one that was refused. False: none was given. */
export async function askKeys(destination: Destination, known: Known): Promise<boolean> {
  const secrets = destination.variables.filter(one => one.secret);
  const needed = secrets.filter(one => one.required);
  const asked = needed.length > 0 ? needed : secrets;
  // Where it is content with one of several, the user says which.
  if (needed.length === 0 && asked.length > 1) return changeValue(destination, known);
  for (const variable of asked) {
    if ((await ask(destination, variable, known)) === 'dismissed') return false;
  }
  return true;
}

async function ask(
  destination: Destination,
  variable: Variable,
  { secrets, env }: Known,
): Promise<'given' | 'removed' | 'dismissed'> {
  const t = vscode.l10n.t;
  const { name, required, secret } = variable;
  const key = secretOf(destination, variable);
  const values = await knownValues(destination, { secrets, env });
  const given = await vscode.window.showInputBox({
    title: t('{0}: {1}', destination.label, name),
    prompt: promptOf(variable, destination.url(values), env[name] !== undefined),
    password: secret,
    ignoreFocusOut: true,
    // A key is never shown again, not even as its length.
    ...(!secret && { value: values[name] ?? '' }),
    validateInput: text =>
      /^[\x20-\x7e]*$/.test(text.trim())
        ? undefined
        : t('It has characters that no header takes. Copy it again, without anything around it.'),
  });
  const text = given?.trim();
  if (text === undefined || (text === '' && required && !env[name])) return 'dismissed';
  if (text === '') await secrets.delete(key);
  else await secrets.store(key, text);
  return text === '' ? 'removed' : 'given';
}

function promptOf(
  { name, required, secret }: Variable,
  url: string,
  inEnvironment: boolean,
): string {
  const t = vscode.l10n.t;
  const words: string[] = [];
  if (name.endsWith('_HEADERS')) words.push(t('As name=value,name=value.'));
  words.push(
    secret && URL.canParse(url)
      ? t('It goes to {0}, and is kept in the secret storage of VS Code.', new URL(url).host)
      : t('It is kept in the secret storage of VS Code.'),
  );
  if (inEnvironment) words.push(t('Empty: as in the environment.'));
  else if (!required) words.push(t('Empty: without.'));
  return words.join(' ');
}

/** What was refused is not taken again by itself. */
export async function forgetKeys(destination: Destination, { secrets }: Known): Promise<void> {
  for (const variable of destination.variables) {
    if (variable.secret) await secrets.delete(secretOf(destination, variable));
  }
}
