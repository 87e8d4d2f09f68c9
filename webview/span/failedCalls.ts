import { createContext } from 'react';
import type { Block } from '../../src/core/content.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';

export type Call = Extract<Block, { type: 'toolUse' }>;
export type FailureOfCall = SpanDetail['causes'][number];

/** The calls that a span's answer asked for. */
export const callsOf = ({ response }: Pick<SpanDetail, 'response'>): readonly Call[] =>
  (response?.messages ?? []).flatMap(one => one.blocks).filter(one => one.type === 'toolUse');

/** By the id of the call; where none was recorded, by the tool's name, if only one call has it. */
export function failureOfCall(
  call: Call,
  calls: readonly Call[],
  failures: readonly FailureOfCall[],
): FailureOfCall | undefined {
  const byId = failures.find(one => one.toolUseId !== undefined && one.toolUseId === call.id);
  if (byId) return byId;
  if (calls.filter(one => one.name === call.name).length > 1) return undefined;
  return failures.find(one => one.toolUseId === undefined && one.toolName === call.name);
}

/** The failure that a call of the shown answer led to. */
export const FailureOfCallContext = createContext<(call: Call) => FailureOfCall | undefined>(
  () => undefined,
);
