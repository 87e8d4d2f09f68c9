import fs from 'node:fs';
import path from 'node:path';
import { CommanderError } from 'commander';
import { fillIn, TraceError } from '../core/errors.ts';
import { isToolCall } from '../core/kind.ts';
import { priceTable } from '../core/priceTable.ts';
import { type CallPlan, planCall, type RecordedCall } from '../core/replay/callPlan.ts';
import { callWords } from '../core/replay/callWords.ts';
import { replayRequest } from '../core/replay/replayRequest.ts';
import { anthropicUrl, apiUrl, isUnencrypted } from '../net/apiAddress.ts';
import { gitState } from '../node/gitState.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { programVersions } from '../node/programFacts.ts';
import { openReplayFile } from '../node/replayFile.ts';
import { defaultReplayFile } from '../node/replayPath.ts';
import { sendTimes } from '../node/sendTimes.ts';
import type { SpanDetail } from '../protocol/reader.ts';
import { named } from './cells.ts';
import { showPlan, showReplay } from './replayOutput.ts';
import { NotFound, type Session } from './session.ts';
import { complain, type Terminal } from './terminal.ts';

export interface ReplayCall {
  readonly span: string;
  /** A file with the document to send in place of the recorded one. */
  readonly edit: string | undefined;
  readonly model: string | undefined;
  readonly times: number;
  readonly silenceMs: number;
  readonly baseUrl: string | undefined;
  readonly out: string | undefined;
  readonly record: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly yes: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** All that is known before anything is sent. */
export interface ReplayPlan extends CallPlan, Pick<RecordedCall, 'origin' | 'source'> {
  /** The API's. */
  readonly baseUrl: string;
  /** Undefined: the replay is not kept. */
  readonly file: string | undefined;
}

const failedToAnswer = 1;
const mostEditBytes = 100_000_000;

/** Sends a recorded call again. @returns the exit code */
export async function replayCall(
  session: Session,
  asked: ReplayCall,
  terminal: Terminal,
  env: Environment,
): Promise<number> {
  const plan = await planOf(session, asked, env);
  showPlan(plan, asked, terminal);
  if (asked.dryRun) return 0;
  const apiKey = env.ANTHROPIC_API_KEY?.trim() ?? '';
  if (apiKey === '') throw new TraceError('replayNoKey');
  if (plan.file !== undefined) await openReplayFile(plan.file);
  if (!asked.yes) {
    if (!terminal.ask)
      throw usage('Sending costs money: to do so without being asked, give --yes.');
    if (!(await terminal.ask('Send it?'))) return failedToAnswer;
  }
  // From here on there may be a writer, and it may be of the file that was read.
  await session.reader.close(session.file);
  const base = {
    origin: plan.origin,
    body: plan.body,
    betas: plan.source.betas,
    edited: plan.edited,
    baseUrl: plan.baseUrl,
    git: await gitState(process.cwd()),
    versions: programVersions,
    prices: pricesOf(session),
  };
  if (terminal.columns !== undefined) terminal.error('Sending; Ctrl-C ends it.\n');
  const controller = new AbortController();
  const undo = onInterrupt(() => controller.abort());
  const { times, silenceMs } = asked;
  const { signal } = controller;
  const sending = { times, silenceMs, file: plan.file, apiKey, signal };
  const { replays, problem } = await sendTimes(base, sending).finally(undo);
  showReplay(plan, replays, asked, terminal);
  if (problem) complain(terminal, problem.message);
  return problem || replays.some(one => one.error) ? failedToAnswer : 0;
}

async function planOf(session: Session, asked: ReplayCall, env: Environment): Promise<ReplayPlan> {
  const { span, spanId } = await callOf(session, asked.span);
  const origin = { runId: span.runId, spanId, file: session.file, name: named(span.name) };
  const source = replayRequest(await session.text(spanId, 'metadata'), origin.name, callWords);
  const { edit, model, times } = asked;
  const { plan, problems } = planCall(
    { origin, source, span },
    {
      document: edit === undefined ? source.text : contentOf(edit),
      model,
      times,
      now: session.clock.now,
      prices: pricesOf(session),
    },
    callWords,
  );
  const name = edit ?? 'the recorded request';
  const said = problems.map(({ line, column, words }) => `${name}:${line}:${column}: ${words}`);
  if (!plan) throw usage(said.join(' '));
  const url = apiUrl(asked.baseUrl ?? (env.ANTHROPIC_BASE_URL || anthropicUrl));
  return {
    ...plan,
    origin,
    source,
    baseUrl: url.href.replace(/\/$/, ''),
    file: asked.record && !asked.dryRun ? fileOf(asked) : undefined,
    notes: [...plan.notes, ...said, ...(isUnencrypted(url) ? [callWords.noteClear] : [])],
  };
}

const pricesOf = ({ prices }: Session) => prices && [...prices, ...priceTable];

const fileOf = ({ out }: ReplayCall): string =>
  out === undefined ? defaultReplayFile() : path.resolve(out);

/** Only a model call has a request; of other spans, the one that asked for them is named. */
async function callOf(
  session: Session,
  id: string,
): Promise<{ readonly spanId: string; readonly span: SpanDetail['span'] }> {
  const { reader, file, clock } = session;
  const spanId = await session.findSpan(id);
  const { span } = await reader.span(file, spanId, clock);
  if (span.kind === 'llm') return { spanId, span };
  const cause = await reader.cause(file, spanId);
  const tool = isToolCall(span) ? ' A tool is run again where --tools names it.' : '';
  const next = `${tool}${cause ? ` The call behind it is ${cause.spanId}.` : ''}`;
  throw new NotFound(
    `"${named(span.name)}" is no model call, and only these are sent again.${next}`,
  );
}

function contentOf(file: string): string {
  try {
    const { size } = fs.statSync(file);
    if (size > mostEditBytes) throw new RangeError(`it has ${size} bytes`);
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotFound(fillIn('The document {0} cannot be read: {1}.', [file, why]));
  }
}

const usage = (words: string): CommanderError =>
  new CommanderError(2, 'agent-traces.replay', words);
