import { fillIn } from '../errors.ts';
import { withoutComments } from '../jsonWithComments.ts';
import { jsonFlaw, lineAndColumn } from './jsonPlaces.ts';
import type { ToolInput } from './toolTypes.ts';
import type { ToolWords } from './toolWords.ts';
import { inputIds } from './variables.ts';

/** A server of `.vscode/mcp.json`, its texts as they are written there. */
export type McpServer =
  | {
      readonly kind: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly envFile: string | undefined;
      readonly cwd: string | undefined;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };

export interface McpConfig {
  readonly server: McpServer;
  /** Those that the server asks for. */
  readonly inputs: readonly ToolInput[];
}

/** What is wrong in such a file, with its place in the words. */
export class McpConfigFailure extends Error {}

type Unknowns = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Unknowns =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that change nothing about how a server is started. */
const ignored = new Set(['type', 'dev', 'gallery', 'version']);
const stdioFields = new Set(['command', 'args', 'env', 'envFile', 'cwd']);
const httpFields = new Set(['url', 'headers']);

/**
 * One server of a `.vscode/mcp.json`. What is not supported is refused rather than left out: without it the
 * server would be another one.
 *
 * @throws McpConfigFailure
 */
export function readMcpConfig(text: string, name: string, words: ToolWords): McpConfig {
  const plain = withoutComments(text);
  const flaw = jsonFlaw(plain);
  if (flaw) {
    const { line, column } = lineAndColumn(plain, flaw.offset);
    throw new McpConfigFailure(`${line}:${column}: ${words.json}`);
  }
  const value: unknown = JSON.parse(plain);
  const servers = isObject(value) ? value.servers : undefined;
  if (!isObject(value) || !isObject(servers)) throw new McpConfigFailure(words.noServers);
  const own = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (!isObject(own)) {
    const known = Object.keys(servers).join(', ') || words.none;
    throw wrong('servers', fillIn(words.noServer, [name, known]));
  }
  const server = serverOf(own, `servers.${name}`, words);
  const ids = new Set(textsOf(server).flatMap(one => [...inputIds(one)]));
  return { server, inputs: [...ids].map(id => inputOf(value.inputs, id, words)) };
}

/** All texts of a server that may hold variables. */
export const textsOf = (server: McpServer): readonly string[] =>
  server.kind === 'http'
    ? [server.url, ...Object.values(server.headers)]
    : [
        server.command,
        ...server.args,
        ...Object.values(server.env),
        ...[server.envFile ?? [], server.cwd ?? []].flat(),
      ];

const wrong = (place: string, words: string): McpConfigFailure =>
  new McpConfigFailure(`${place}: ${words}`);

function serverOf(value: Unknowns, place: string, words: ToolWords): McpServer {
  const kind = value.type ?? (value.url === undefined ? 'stdio' : 'http');
  if (kind !== 'stdio' && kind !== 'http') {
    throw wrong(`${place}.type`, fillIn(words.serverType, [String(kind)]));
  }
  const known = kind === 'stdio' ? stdioFields : httpFields;
  for (const [field, set] of Object.entries(value)) {
    if (known.has(field) || ignored.has(field) || set === null || set === false) continue;
    throw wrong(`${place}.${field}`, fillIn(words.serverField, [field]));
  }
  const text = (field: string): string | undefined => {
    const one = value[field];
    if (one === undefined || one === null) return undefined;
    if (typeof one !== 'string' || one.includes('\0')) throw wrong(`${place}.${field}`, words.text);
    return one;
  };
  if (kind === 'http') {
    const url = text('url');
    // With variables, it is looked at once these are filled in.
    if (url === undefined || !/^https?:\/\/|^\$\{/.test(url)) {
      throw wrong(`${place}.url`, words.serverUrl);
    }
    return { kind, url, headers: textsIn(value.headers, `${place}.headers`, words) };
  }
  const command = text('command');
  if (!command) throw wrong(`${place}.command`, words.serverCommand);
  const args = value.args ?? [];
  if (!Array.isArray(args)) throw wrong(`${place}.args`, words.shell);
  for (const [at, one] of args.entries()) {
    if (typeof one !== 'string' || one.includes('\0')) {
      throw wrong(`${place}.args[${at}]`, words.text);
    }
  }
  const env = textsIn(value.env, `${place}.env`, words);
  return { kind, command, args, env, envFile: text('envFile'), cwd: text('cwd') };
}

/** Numbers may stand for texts, as VS Code takes them. */
function textsIn(value: unknown, place: string, words: ToolWords): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw wrong(place, words.texts);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]): [string, string][] => {
      if (one === null) return [];
      if (typeof one !== 'string' && typeof one !== 'number') {
        throw wrong(`${place}.${name}`, words.text);
      }
      return [[name, String(one)]];
    }),
  );
}

function inputOf(inputs: unknown, id: string, words: ToolWords): ToolInput {
  const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [];
  const at = list.findIndex(one => isObject(one) && one.id === id);
  const own = list[at];
  if (!isObject(own)) throw wrong('inputs', fillIn(words.noInput, [id]));
  const text = (field: string): string | undefined =>
    typeof own[field] === 'string' ? own[field] : undefined;
  if (own.type !== 'promptString' && own.type !== 'pickString') {
    throw wrong(`inputs[${at}].type`, fillIn(words.inputType, [String(own.type)]));
  }
  const options =
    own.type === 'pickString' && Array.isArray(own.options)
      ? own.options.flatMap((one: unknown) => {
          const option = isObject(one) ? one.value : one;
          return typeof option === 'string' ? [option] : [];
        })
      : undefined;
  return {
    id,
    description: text('description'),
    password: own.password === true,
    default: text('default'),
    options,
  };
}
