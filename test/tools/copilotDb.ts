// Writes files as VS Code does while Copilot Chat works: copilotDb.ts <folder>. Times count back from now.
import fs from 'node:fs';
import path from 'node:path';
import { writeCopilotDb } from './copilot/database.ts';
import { agentTurn, claudeTurn, runningTurn } from './copilot/stories.ts';

const minute = 60_000;

/** Both files of a VS Code, into a folder. */
export function writeCopilotFiles(
  folder: string,
  now: number,
): { copilot: string; agentHost: string } {
  fs.mkdirSync(folder, { recursive: true });
  const files = {
    copilot: path.join(folder, 'agent-traces.db'),
    agentHost: path.join(folder, 'agent-host-traces.db'),
  };
  for (const file of Object.values(files)) fs.rmSync(file, { force: true });
  writeCopilotDb(files.copilot, [
    ...agentTurn('trace-1', now - 90 * minute),
    ...agentTurn('trace-2', now - 50 * minute, { content: false, session: 'session-2' }),
    ...agentTurn('trace-3', now - 20 * minute),
    ...runningTurn('trace-4', now - 15_000),
  ]);
  writeCopilotDb(files.agentHost, [
    ...claudeTurn('claude-1', now - 30 * minute),
    ...agentTurn('host-1', now - 10 * minute),
  ]);
  return files;
}

const [, script, folder] = process.argv;
if (script && path.resolve(script) === import.meta.filename) {
  if (!folder) throw new Error('copilotDb.ts <folder>');
  console.log(Object.values(writeCopilotFiles(folder, Date.now())).join('\n'));
}
