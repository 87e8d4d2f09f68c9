import type { Disposable, ExtensionContext } from 'vscode';
import type { AuditVersions } from '../core/audit.ts';
import type { TraceError } from '../core/errors.ts';
import type { ImportProgress, ImportReport } from '../core/importReport.ts';
import type { RunSummary } from '../core/model.ts';
import type { ReplayedCall, ReplayIds } from '../core/replay/replayRun.ts';
import type { ReplayServer, ReplayServerOptions } from '../core/replay/replayServing.ts';
import type { RunScript } from '../core/replay/script.ts';
import type { ToolCall } from '../core/replay/toolCall.ts';
import type { ReplayedTool } from '../core/replay/toolReplayRun.ts';
import type { PreparedTool, ToolDefinition, ToolOutcome } from '../core/replay/toolTypes.ts';
import type { ToolWords } from '../core/replay/toolWords.ts';
import type { Clock } from '../core/status.ts';
import type { PruneLimits } from '../core/traceLimits.ts';
import type { EventRow, SpanRow } from '../core/traceRows.ts';
import type { SendOptions } from '../net/messagesApi.ts';
import type { SentLog, Target } from '../net/sendTraces.ts';
import type { FileId, ReaderApi } from '../protocol/reader.ts';
import type { Log } from './log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the replay of a run needs of the machine. */
export interface RunReplays {
  /** The environment of this process. */
  readonly own: Environment;
  readScript(
    reader: ReaderApi,
    file: FileId,
    run: Pick<RunSummary, 'runId' | 'name' | 'rootSpanId'>,
    clock: Clock,
  ): Promise<RunScript>;
  serve(options: ReplayServerOptions): Promise<ReplayServer>;
  /** What a program needs in its environment to be answered by a server. */
  environment(baseUrl: string, own: Environment): Readonly<Record<string, string>>;
}

/** A call that is sent a number of times. */
export interface Sending
  extends Pick<SendOptions, 'apiKey' | 'silenceMs' | 'mostBytes' | 'onPiece'> {
  readonly call: Pick<
    ReplayedCall,
    'origin' | 'body' | 'betas' | 'edited' | 'baseUrl' | 'git' | 'prices'
  >;
  readonly times: number;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onReplayed: (one: SentOnce) => void;
}

export interface SentOnce {
  readonly call: ReplayedCall;
  readonly error: TraceError | undefined;
  /** Where it was kept. */
  readonly spanId: string | undefined;
}

/** Sends recorded calls again, and keeps what came in a file of our own. */
export interface Replayer {
  /** Where replays are kept if nobody says where: the same as for the command line. */
  readonly defaultFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @returns why one could not be kept */
  send(sending: Sending): Promise<TraceError | undefined>;
  keep(file: string, call: ReplayedCall): Promise<ReplayIds>;
  keepTool(file: string, replayed: Omit<ReplayedTool, 'versions'>): Promise<ReplayIds>;
  /** Rows of a replay that goes on. */
  keepServed: (file: string, rows: readonly (SpanRow | EventRow)[]) => Promise<void>;
  /** What it runs on. */
  readonly versions: AuditVersions;
  remove(file: string, runIds: readonly string[]): Promise<void>;
  git(folder: string): Promise<ReplayedCall['git']>;
}

/** Runs tools in processes of their own. */
export interface ToolHost {
  /** Looks what a definition would run in a folder, and runs nothing. @throws TraceError */
  prepare(definition: ToolDefinition, folder: string, words: ToolWords): PreparedTool;
  run(
    tool: PreparedTool,
    call: ToolCall,
    inputs: ReadonlyMap<string, string>,
    options: { readonly words: ToolWords; readonly signal: AbortSignal },
  ): Promise<ToolOutcome>;
}

/** What the two entries do differently. */
export interface Platform extends Disposable {
  /** Started by its first call. */
  readonly reader: ReaderApi;
  /** The reader opens paths itself; otherwise it is handed a file's bytes. */
  readonly readsPaths: boolean;
  /** Tells when a path may have changed; the answer ends it. Undefined where only VS Code can tell. */
  readonly follow: ((path: string, changed: () => void) => () => void) | undefined;
  /** Undefined where nothing can be sent. */
  readonly replayer: Replayer | undefined;
  /** What has arrived at an address with these headers; undefined where nothing can be remembered. */
  readonly sentLog: ((target: Target) => SentLog) | undefined;
  /** Writes a file piece by piece; undefined where VS Code alone writes, which takes it whole. */
  readonly writeWhole:
    | ((
        to: {
          readonly file: string;
          readonly traceFile: string | undefined;
          readonly replaces: boolean;
        },
        text: AsyncIterable<string>,
        signal: AbortSignal,
      ) => Promise<void>)
    | undefined;
  /** Keys are named the way macOS writes them. */
  readonly mac: boolean;
  /** Undefined where there are no processes and no sockets. */
  readonly runReplays: RunReplays | undefined;
  readonly importer: Importer | undefined;
  /** Undefined where there are no processes and no sockets. */
  readonly startReceiver: StartReceiver | undefined;
  /** Undefined where there are no processes. */
  readonly tools: ToolHost | undefined;
  /** Starts the reader ahead of its first call. */
  warmUp(): void;
}

/** Makes trace files of what other tools have recorded, in processes of its own. */
export interface Importer {
  /** Whether a file, by its content, can be imported. */
  recognises(path: string): boolean;
  /** @throws TraceError */
  importFile(
    path: string,
    to: string,
    on: { progress(progress: ImportProgress): void; readonly signal: AbortSignal },
  ): Promise<ImportReport>;
  /** Where Claude Code keeps its transcripts; the folders need not exist. */
  readonly transcripts: readonly string[];
  /** Keeps a trace file of the newest transcripts. */
  follow(to: string, most: number, ended: () => void): FollowedTranscripts;
}

export interface FollowedTranscripts {
  /** Once there is something to show. @throws TraceError */
  readonly ready: Promise<void>;
  /** Ends once its files are closed. */
  stop(): Promise<void>;
}

export interface ReceivedCounts {
  readonly spans: number;
  readonly logs: number;
}

/** A receiver of OpenTelemetry in a process of its own. */
export interface ReceiverHandle {
  readonly pid: number | undefined;
  readonly url: string;
  /** Answers what has come, and ends. */
  stop(): Promise<void>;
}

/** Rejects with the code EADDRINUSE where another program has the port. */
export type StartReceiver = (
  start: {
    readonly file: string;
    readonly port: number;
    readonly token: string | undefined;
    readonly keep: PruneLimits | undefined;
  },
  on: {
    counts(counts: ReceivedCounts): void;
    log(line: string): void;
    /** It ended, and nobody had told it to. */
    ended(why: string): void;
  },
) => Promise<ReceiverHandle>;

export type CreatePlatform = (extension: ExtensionContext, log: Log) => Platform;
