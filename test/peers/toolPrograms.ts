// What the tests of tools share: programs that are written to a folder, run as tools, and looked for afterwards.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type ToolCall, toolCall } from '../../src/core/replay/toolCall.ts';
import { readTools } from '../../src/core/replay/toolDefinitions.ts';
import type { ToolOutcome } from '../../src/core/replay/toolTypes.ts';
import { toolWords } from '../../src/core/replay/toolWords.ts';
import { prepareTool } from '../../src/node/prepareTool.ts';
import { runTool } from '../../src/node/runTool.ts';
import { dist } from '../unit/support/traceDb.ts';
import { newFolder } from './replay.ts';

export const node = process.execPath;
/** A variable as it is written in settings. */
export const variable = (name: string): string => `\${${name}}`;
/** Writes the ids of its own process and of one that it starts and that would go on for minutes. */
export const grandchild = `
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
fs.writeFileSync('pids', process.pid + ' ' + child.pid);
`;

export interface Workspace {
  readonly folder: string;
  write(name: string, text: string): string;
  /** Runs the tool that a registration makes, with an input, as the recorded call had it. */
  run(registration: unknown, options?: RunOptions): Promise<ToolOutcome>;
  /** Fails unless the processes that a program noted have ended. */
  noneAlive(): Promise<void>;
}

export interface RunOptions {
  readonly input?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly recorded?: unknown;
}

export const callOf = (input: unknown, recorded?: unknown): ToolCall =>
  toolCall('tool', {
    name: 'tool',
    metadata: JSON.stringify({ tool_input: input, tool_result: recorded }),
    error: undefined,
  });

export function workspace(): Workspace {
  const folder = fs.realpathSync(newFolder());
  const { PATH = '', HOME = '' } = process.env;
  return {
    folder,
    write(name, text) {
      const file = path.join(folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
      return file;
    },
    async run(registration, { input = { n: 1 }, env, inputs = {}, signal, recorded } = {}) {
      const { tools, problems } = readTools({ tool: registration }, toolWords);
      assert.deepEqual(problems, []);
      const definition = tools.get('tool');
      assert.ok(definition);
      const place = { folder, env: { PATH, HOME, ...env }, words: toolWords };
      return runTool({
        ...place,
        tool: prepareTool(definition, place),
        call: callOf(input, recorded),
        inputs: new Map(Object.entries(inputs)),
        signal,
        programs: dist,
      });
    },
    async noneAlive() {
      const pids = fs
        .readFileSync(path.join(folder, 'pids'), 'utf8')
        .trim()
        .split(/\s+/)
        .map(Number);
      assert.ok(pids.length > 0 && pids.every(pid => pid > 1), String(pids));
      // The system takes a moment to end what was killed.
      for (let tries = 0; pids.some(isAlive) && tries < 100; tries++) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      assert.deepEqual(pids.filter(isAlive), []);
    },
  };
}

/** What has ended and was not waited for is listed as well; on Linux its state says so. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !fs.existsSync(stat) || !/^\d+ \(.*\) [ZX]/.test(fs.readFileSync(stat, 'utf8'));
}
