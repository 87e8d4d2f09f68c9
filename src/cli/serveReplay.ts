import { CommanderError } from 'commander';
import type { FromUntil, OnDifference } from '../core/replay/decision.ts';
import { ReplayError } from '../core/replay/replayError.ts';
import type { ReplayServer } from '../core/replay/replayServing.ts';
import { answerable, callFrom, type RunScript } from '../core/replay/script.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { readRunScript } from '../node/readScript.ts';
import { type ReplayedProgram, replayEnvironment, startProgram } from '../node/replayedProgram.ts';
import { realApi } from '../node/replayOptions.ts';
import { startReplayServer } from '../node/replayServer.ts';
import { named } from './cells.ts';
import { keepingOf } from './replayKeeping.ts';
import { eventJson, eventLine, summaryLines } from './replayLines.ts';
import { NotFound, type Session } from './session.ts';
import { complain, type Terminal } from './terminal.ts';

export interface ReplayCommand {
  readonly run: string;
  readonly until: string | undefined;
  readonly fromUntil: FromUntil;
  readonly onDifference: OnDifference;
  readonly ignore: readonly string[];
  readonly timing: boolean;
  readonly json: boolean;
  /** Where the replay is kept; by default in the file for all of them. */
  readonly out: string | undefined;
  readonly record: boolean;
  /** Empty: the server runs until it is interrupted. */
  readonly program: readonly string[];
}

type Ended = Awaited<ReplayedProgram['ended']>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Serves a recorded run until the program, or whoever started it, has had enough. */
export async function serveReplay(
  session: Session,
  command: ReplayCommand,
  terminal: Terminal,
  env: Environment,
): Promise<number> {
  const { program, json } = command;
  const script = await scriptOf(session, command.run);
  const liveUrl = liveUrlOf(command, env);
  // What a program prints stays its own, for whatever reads it.
  const say = program.length > 0 ? terminal.error : terminal.write;
  const until = await untilCall(session, script, command.until);
  const server = await startReplayServer({
    script,
    until,
    fromUntil: command.fromUntil,
    onDifference: command.onDifference,
    ignore: command.ignore,
    timing: command.timing,
    liveUrl,
    keeping: await keepingOf(session, command, terminal, env),
    onEvent: event => {
      const line = json ? JSON.stringify(eventJson(event)) : eventLine(event, terminal);
      if (line) say(`${line}\n`);
    },
  });
  let ended: Ended;
  try {
    say(heading(script, server.baseUrl, command, env));
    ended = program.length > 0 ? await runProgram(program, server, env) : await interrupted();
  } finally {
    await server.close();
    await server.stored();
  }
  if (ended.problem !== undefined) {
    complain(terminal, `${program[0]} could not be started: ${ended.problem}.`);
    return ended.code;
  }
  const { summary } = server;
  say(json ? `${JSON.stringify({ event: 'summary', ...summary })}\n` : summaryLines(summary));
  return ended.code;
}

async function scriptOf(session: Session, id: string): Promise<RunScript> {
  const run = await session.findRun(id);
  try {
    const { runId, name, rootSpanId } = run;
    const shown = { runId, rootSpanId, name: named(name) };
    return await readRunScript(session.reader, session.file, shown, session.clock);
  } catch (error) {
    throw error instanceof ReplayError ? new NotFound(error.message) : error;
  }
}

async function untilCall(
  session: Session,
  script: RunScript,
  id: string | undefined,
): Promise<number | undefined> {
  if (id === undefined) return undefined;
  const spans = await session.spans(script.runId);
  const found =
    spans.find(span => span.spanId === id) ?? spans.find(span => span.spanId.startsWith(id));
  if (!found || id === '') throw new NotFound(`The run ${script.runId} has no span "${id}".`);
  return callFrom(script, found);
}

function liveUrlOf({ fromUntil, onDifference, program }: ReplayCommand, env: Environment): string {
  const url = env.ANTHROPIC_BASE_URL || realApi;
  if (fromUntil !== 'live' && onDifference !== 'live') return url;
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw usage('ANTHROPIC_BASE_URL is no address of an API, and requests would go there.');
  }
  if (program.length > 0 && !env.ANTHROPIC_API_KEY && !env.ANTHROPIC_AUTH_TOKEN) {
    throw usage('To go on with the real API, set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN.');
  }
  return url;
}

const usage = (words: string): CommanderError =>
  new CommanderError(2, 'agent-traces.replay', words);

function heading(
  script: RunScript,
  baseUrl: string,
  { json, program }: ReplayCommand,
  own: Environment,
): string {
  const calls = script.exchanges.length;
  const answers = answerable(script);
  if (json) {
    const env = { ANTHROPIC_BASE_URL: baseUrl };
    return `${JSON.stringify({ event: 'serving', runId: script.runId, calls, answers, baseUrl, env })}\n`;
  }
  const known = answers === calls ? '' : `, ${answers} of them with a recorded answer`;
  const facts = `Replaying ${script.name}: ${calls} ${calls === 1 ? 'call' : 'calls'}${known}.\n`;
  if (program.length > 0) return facts;
  const key = own.ANTHROPIC_API_KEY || own.ANTHROPIC_AUTH_TOKEN ? '' : 'ANTHROPIC_API_KEY=replay\n';
  return `${facts}Run your program with this in its environment; Ctrl-C ends the replay.\n\nANTHROPIC_BASE_URL=${baseUrl}\n${key}\n`;
}

/** Ctrl-C reaches the program by itself, since it is in the same terminal; the replay ends after it. */
async function runProgram(
  program: readonly string[],
  { baseUrl }: ReplayServer,
  env: Environment,
): Promise<Ended> {
  const child = startProgram(program, { ...env, ...replayEnvironment(baseUrl, env) });
  const undo = onInterrupt(signal => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
  try {
    return await child.ended;
  } finally {
    undo();
  }
}

async function interrupted(): Promise<Ended> {
  let undo = (): void => undefined;
  await new Promise<void>(resolve => {
    undo = onInterrupt(() => resolve());
  });
  undo();
  return { code: 0 };
}
