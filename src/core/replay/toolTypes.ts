import type { TraceError } from '../errors.ts';
import type { Ms, UnixMs } from '../model.ts';

/** How a tool is run. Texts may still hold variables such as `${workspaceFolder}`. */
export type ToolWay =
  | {
      readonly kind: 'command';
      /** The program and its arguments; no shell reads them. */
      readonly command: readonly string[];
    }
  | {
      readonly kind: 'mcp';
      /** By its name in `.vscode/mcp.json`. */
      readonly server: string;
      readonly tool: string;
    }
  | {
      readonly kind: 'module';
      readonly file: string;
      readonly export: string;
      /** The Node that runs it; undefined: the one that a terminal would find. */
      readonly node: string | undefined;
      /** An input that is a list is its arguments, and not its one argument. */
      readonly spread: boolean;
    };

/** A tool that the user has registered as one that may be run again. */
export interface ToolDefinition {
  /** As it is recorded. */
  readonly name: string;
  readonly way: ToolWay;
  /** The folder that it runs in, in the workspace's folder; undefined: that one. */
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the environment that it gets beside the few that every program needs. */
  readonly passEnv: readonly string[];
  readonly timeout: Ms;
  /** How much it may give, in bytes. */
  readonly mostBytes: number;
}

/** Something that the user is asked for before an MCP server can be started. */
export interface ToolInput {
  readonly id: string;
  readonly description: string | undefined;
  readonly password: boolean;
  readonly default: string | undefined;
  /** Undefined: any text. */
  readonly options: readonly string[] | undefined;
}

/** A tool that can be run, and what is shown of it before. */
export interface PreparedTool {
  readonly definition: ToolDefinition;
  /** The workspace's folder, as a path. */
  readonly folder: string;
  /** What is started or connected to, as it is written in the definition: one argument each. */
  readonly runs: readonly string[];
  /** Where it runs; undefined for a server that runs elsewhere. */
  readonly cwd: string | undefined;
  /** Names of the variables of the environment that it gets. */
  readonly variables: readonly string[];
  readonly inputs: readonly ToolInput[];
  /** Another one means that something else would be run. Holds no secret. */
  readonly fingerprint: string;
}

/** What came of running a tool. */
export interface ToolOutcome {
  /** What it gave, as text; also where it then failed. */
  readonly text: string | undefined;
  /** Why it gave nothing, or that what it gave is a failure. */
  readonly error: TraceError | undefined;
  /** How the tool itself says that it failed, to compare with a recorded failure. */
  readonly failure: string | undefined;
  /** The end of what it said beside its result. */
  readonly log: string;
  readonly exitCode: number | undefined;
  readonly start: UnixMs;
  readonly duration: Ms;
}

/** A program and its arguments for people, each told from the next; nothing ever reads it as a command. */
export const commandText = (parts: readonly string[]): string =>
  parts.map(part => (/^[\w@%+=:,./${}-]+$/.test(part) ? part : JSON.stringify(part))).join(' ');
