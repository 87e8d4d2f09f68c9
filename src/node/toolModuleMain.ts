// A program of its own: calls the function that a module exports, and reports what it gives.
import { pathToFileURL } from 'node:url';
import { endWith, readTask, type ToolReport } from './toolChild.ts';

/** What it is told to do. */
export interface ModuleTask {
  /** The tool's, for messages. */
  readonly name: string;
  readonly file: string;
  readonly export: string;
  readonly spread: boolean;
  /** JSON text. */
  readonly input: string;
}

type Names = Readonly<Record<string, unknown>>;
type Tool = (...input: readonly unknown[]) => unknown;

void main();

async function main(): Promise<void> {
  const task = await readTask<ModuleTask>();
  const tool = await loaded(task);
  const started = performance.now();
  const ms = (): number => performance.now() - started;
  process.once('beforeExit', () => {
    // Nothing is left that could ever settle its promise.
    void endWith({ error: { code: 'toolNoResult', args: [task.name, '0', ''] }, ms: ms() });
  });
  let value: unknown;
  try {
    const input: unknown = JSON.parse(task.input);
    value = await (task.spread && Array.isArray(input) ? tool(...input) : tool(input));
  } catch (error) {
    const failure = words(error);
    // The stack belongs to the log of the tool.
    if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
    const code = 'toolThrew';
    await endWith({ error: { code, args: [task.name, failure] }, failure, ms: ms() });
  }
  await endWith(valueReport(task.name, value, ms()));
}

function words(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    // An object without a prototype has no words.
    return typeof thrown;
  }
}

async function loaded({ file, export: wanted }: ModuleTask): Promise<Tool> {
  let exported: Names;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isTypes = /\.[cm]?tsx?$/.test(file) && code === 'ERR_UNKNOWN_FILE_EXTENSION';
    return isTypes
      ? endWith({ error: { code: 'toolModuleTypes', args: [file, process.versions.node] } })
      : endWith({ error: { code: 'toolModuleMissing', args: [file, words(error)] } });
  }
  const found = functionIn(exported, wanted);
  if (found) return found;
  const names = Object.keys({ ...namesOf(exported.default), ...exported });
  const shown = names.filter(one => one !== 'module.exports').join(', ') || 'nothing';
  return endWith({ error: { code: 'toolNoExport', args: [file, wanted, shown] } });
}

/** Of CommonJS, all that is exported is the default; Node finds only some names of it. */
function functionIn(exported: Names, wanted: string): Tool | undefined {
  for (const names of [exported, namesOf(exported.default)]) {
    const one = Object.hasOwn(names, wanted) ? names[wanted] : undefined;
    if (typeof one === 'function') return one as Tool;
  }
  return undefined;
}

function namesOf(value: unknown): Names {
  const holds = (typeof value === 'object' || typeof value === 'function') && value !== null;
  return holds ? (value as Names) : {};
}

function valueReport(name: string, given: unknown, ms: number): ToolReport {
  if (given === undefined) return { value: '', ms };
  try {
    const json = JSON.stringify(given);
    if (json === undefined) throw new TypeError(`a ${typeof given}`);
    return { value: JSON.parse(json), ms };
  } catch (error) {
    return { error: { code: 'toolNotJson', args: [name, words(error)] }, ms };
  }
}
