import { fillIn } from '../errors.ts';
import type { JsonStep } from './jsonPlaces.ts';
import type { ToolDefinition, ToolWay } from './toolTypes.ts';
import type { ToolWords } from './toolWords.ts';

/** What is wrong in a registration, and where. */
export interface ToolProblem {
  readonly path: readonly JsonStep[];
  readonly words: string;
}

export interface ReadTools {
  /** By name; without those that something is wrong with. */
  readonly tools: ReadonlyMap<string, ToolDefinition>;
  readonly problems: readonly ToolProblem[];
}

export const defaultTimeoutSeconds = 60;
export const defaultOutputLimitMb = 10;
const mostSeconds = 3600;
const mostMb = 100;
const bytesPerMb = 1_000_000;

const ways = ['command', 'mcp', 'module'] as const;
const common = ['env', 'passEnv', 'timeoutSeconds', 'outputLimitMb'];
const fieldsOfWay = {
  command: ['command', 'cwd', ...common],
  mcp: ['mcp', 'tool', ...common],
  module: ['module', 'export', 'node', 'spread', 'cwd', ...common],
} as const satisfies Record<(typeof ways)[number], readonly string[]>;

type Unknowns = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Unknowns =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (text: string): boolean => /^[A-Za-z_][\w()]*$/.test(text);

/** Reads registrations, which are written by hand: whatever is wrong has its place and words. Never throws. */
export function readTools(value: unknown, words: ToolWords): ReadTools {
  if (!isObject(value)) {
    return { tools: new Map(), problems: [{ path: [], words: words.notTools }] };
  }
  const tools = new Map<string, ToolDefinition>();
  const problems: ToolProblem[] = [];
  for (const [name, one] of Object.entries(value)) {
    const found = new Reading(name, words);
    const definition = found.definition(one);
    if (definition && found.problems.length === 0) tools.set(name, definition);
    problems.push(...found.problems);
  }
  return { tools, problems };
}

/** One registration while it is read. */
class Reading {
  readonly problems: ToolProblem[] = [];
  private readonly name: string;
  private readonly words: ToolWords;

  constructor(name: string, words: ToolWords) {
    this.name = name;
    this.words = words;
  }

  definition(value: unknown): ToolDefinition | undefined {
    if (!isObject(value)) return this.wrong([], this.words.notObject);
    const named = ways.filter(way => value[way] !== undefined);
    const [way] = named;
    if (way === undefined || named.length > 1) {
      const has = named.map(one => `“${one}”`).join(', ') || this.words.noWays;
      return this.wrong([], fillIn(this.words.oneWay, [has]));
    }
    const known: readonly string[] = fieldsOfWay[way];
    for (const field of Object.keys(value)) {
      if (known.includes(field)) continue;
      this.wrong([field], fillIn(this.words.unknownField, [field, known.join(', ')]));
    }
    const read = this.way(way, value);
    const definition = {
      name: this.name,
      cwd: this.text(value, 'cwd'),
      env: this.env(value.env),
      passEnv: this.passEnv(value.passEnv),
      timeout: this.number(value, 'timeoutSeconds', defaultTimeoutSeconds, 0.1, mostSeconds) * 1000,
      mostBytes:
        this.number(value, 'outputLimitMb', defaultOutputLimitMb, 0.001, mostMb) * bytesPerMb,
    };
    return read && { ...definition, way: read };
  }

  private way(kind: ToolWay['kind'], value: Unknowns): ToolWay | undefined {
    if (kind === 'command') {
      const command = this.command(value.command);
      return command && { kind, command };
    }
    const first = this.text(value, kind);
    if (kind === 'mcp') {
      const tool = this.text(value, 'tool') ?? this.name;
      return first === undefined ? undefined : { kind, server: first, tool };
    }
    if (value.spread !== undefined && typeof value.spread !== 'boolean') {
      return this.wrong(['spread'], this.words.boolean);
    }
    const own = {
      export: this.text(value, 'export') ?? 'default',
      node: this.text(value, 'node'),
      spread: value.spread === true,
    };
    return first === undefined ? undefined : { kind, file: first, ...own };
  }

  private command(value: unknown): readonly string[] | undefined {
    if (typeof value === 'string') return this.wrong(['command'], this.words.shell);
    if (!Array.isArray(value)) return this.wrong(['command'], this.words.list);
    for (const [at, one] of value.entries()) {
      if (typeof one !== 'string' || one.includes('\0')) {
        return this.wrong(['command', at], this.words.text);
      }
    }
    if (typeof value[0] !== 'string' || value[0].trim() === '') {
      return this.wrong(['command'], this.words.program);
    }
    return value;
  }

  private text(value: Unknowns, field: string): string | undefined {
    const text = value[field];
    if (text === undefined) return undefined;
    if (typeof text !== 'string' || text.trim() === '' || text.includes('\0')) {
      return this.wrong([field], this.words.text);
    }
    return text;
  }

  private env(value: unknown): Readonly<Record<string, string>> {
    if (value === undefined) return {};
    if (!isObject(value)) {
      this.wrong(['env'], this.words.texts);
      return {};
    }
    const env: [string, string][] = [];
    for (const [name, text] of Object.entries(value)) {
      if (!isName(name)) this.wrong(['env', name], fillIn(this.words.name, [name]));
      else if (typeof text !== 'string' || text.includes('\0')) {
        this.wrong(['env', name], this.words.text);
      } else env.push([name, text]);
    }
    return Object.fromEntries(env);
  }

  private passEnv(value: unknown): readonly string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.wrong(['passEnv'], this.words.shell);
      return [];
    }
    return value.flatMap((name: unknown, at) => {
      if (typeof name === 'string' && isName(name)) return [name];
      const shown = typeof name === 'string' ? name : JSON.stringify(name);
      this.wrong(['passEnv', at], fillIn(this.words.name, [shown ?? '']));
      return [];
    });
  }

  private number(
    value: Unknowns,
    field: string,
    usual: number,
    least: number,
    most: number,
  ): number {
    const number = value[field];
    if (number === undefined) return usual;
    if (typeof number === 'number' && number >= least && number <= most) return number;
    this.wrong([field], fillIn(this.words.number, [least, most]));
    return usual;
  }

  private wrong(path: readonly JsonStep[], words: string): undefined {
    this.problems.push({ path: [this.name, ...path], words });
    return undefined;
  }
}
