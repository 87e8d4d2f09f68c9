import fs from 'node:fs';
import { TraceError } from '../core/errors.ts';
import { withoutComments } from '../core/jsonWithComments.ts';
import { jsonFlaw, jsonPlaces, lineAndColumn } from '../core/replay/jsonPlaces.ts';
import { readTools } from '../core/replay/toolDefinitions.ts';
import type { ToolDefinition } from '../core/replay/toolTypes.ts';
import { toolWords } from '../core/replay/toolWords.ts';
import { NotFound } from './session.ts';

const mostBytes = 1_000_000;
/** A settings file of VS Code has the same under this name. */
const setting = 'agentTraces.replay.tools';

/** The registration of a tool in a file. @throws where there is none, or where it is wrong, with its place */
export function toolIn(file: string, name: string): ToolDefinition {
  const text = withoutComments(contentOf(file));
  const at = (offset: number): string => {
    const { line, column } = lineAndColumn(text, offset);
    return `${file}:${line}:${column}`;
  };
  const flaw = jsonFlaw(text);
  if (flaw) throw new TraceError('toolDefinition', [name, at(flaw.offset), toolWords.json]);
  const whole: unknown = JSON.parse(text);
  const within = isObject(whole) && Object.hasOwn(whole, setting);
  const { tools, problems } = readTools(within ? whole[setting] : whole, toolWords);
  const definition = tools.get(name);
  if (definition) return definition;
  const problem = problems.find(({ path: [first] }) => first === undefined || first === name);
  if (!problem) throw new TraceError('toolUnregistered', [name]);
  const [place] = jsonPlaces(text, [within ? [setting, ...problem.path] : problem.path]);
  throw new TraceError('toolDefinition', [name, at(place?.from ?? 0), problem.words]);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function contentOf(file: string): string {
  try {
    const { size } = fs.statSync(file);
    if (size > mostBytes) throw new RangeError(`it has ${size} bytes, of ${mostBytes} at most`);
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotFound(`The tools in ${file} cannot be read: ${why}.`);
  }
}
