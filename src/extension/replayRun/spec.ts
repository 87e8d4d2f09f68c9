import type * as vscode from 'vscode';
import {
  type FromUntil,
  fromUntilChoices,
  type OnDifference,
  onDifferenceChoices,
} from '../../core/replay/decision.ts';
import type { RunScript } from '../../core/replay/script.ts';
import type { FileId } from '../../protocol/reader.ts';
import { isObject, isText } from '../pageArguments.ts';
import { readSetting } from '../settings.ts';

/** How a run is replayed. */
export interface ReplayChoices {
  /** From the chosen span on. */
  readonly fromThere: FromUntil | 'edited';
  readonly onDifference: OnDifference;
  readonly timing: boolean;
}

/** What a replay is about, with all that was chosen. */
export interface ReplaySpec extends ReplayChoices {
  readonly file: FileId;
  readonly script: RunScript;
  /** The first call that is not answered as recorded; undefined where all are. */
  readonly until: number | undefined;
  /** The answer that the chosen call gets instead, JSON. */
  readonly edited: string | undefined;
}

/** What runs the program again. */
export type Launch =
  | {
      readonly kind: 'configuration';
      readonly folder: vscode.WorkspaceFolder | undefined;
      readonly configuration: vscode.DebugConfiguration;
    }
  | { readonly kind: 'terminal'; readonly commandLine: string }
  /** The person does, with the environment that was copied. */
  | { readonly kind: 'server' };

/** What a command may be given beside its span, so that nothing is asked: by a keybinding or another extension. */
export interface GivenReplay extends Partial<ReplayChoices> {
  /** A launch configuration, by its name. */
  readonly configuration?: string | undefined;
  readonly commandLine?: string | undefined;
  readonly serverOnly?: boolean;
  readonly edited?: string | undefined;
}

export function settingChoices(): ReplayChoices {
  const fromThere = readSetting('agentTraces.replay.then');
  const onDifference = readSetting('agentTraces.replay.onDifference');
  return {
    fromThere: fromUntilChoices.find(one => one === fromThere) ?? 'stop',
    onDifference: onDifferenceChoices.find(one => one === onDifference) ?? 'stop',
    timing: readSetting('agentTraces.replay.recordedTiming'),
  };
}

/** A part that is of no use is not there, and is asked for. */
export function givenReplay(target: unknown): GivenReplay {
  const given = isObject(target) && isObject(target.replay) ? target.replay : {};
  const text = (value: unknown): string | undefined =>
    isText(value) && value !== '' ? value : undefined;
  const fromThere = ([...fromUntilChoices, 'edited'] as const).find(one => one === given.fromThere);
  const onDifference = onDifferenceChoices.find(one => one === given.onDifference);
  return {
    configuration: text(given.configuration),
    commandLine: text(given.commandLine),
    edited: text(given.edited),
    serverOnly: given.serverOnly === true,
    ...(fromThere && { fromThere }),
    ...(onDifference && { onDifference }),
    ...(typeof given.timing === 'boolean' && { timing: given.timing }),
  };
}

/** Requests may go to the real API. */
export const isLive = ({ fromThere, onDifference, until }: ReplaySpec): boolean =>
  onDifference === 'live' || (until !== undefined && fromThere === 'live');
