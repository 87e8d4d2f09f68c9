import { TraceError } from '../core/errors.ts';
import {
  type PanelCommand,
  panelCommands,
  type RunPair,
  type RunRef,
  type SpanRef,
  type SpanTab,
  spanTabs,
} from '../protocol/panel.ts';
import {
  type ImagePart,
  imageParts,
  messagePart,
  namedMessage,
  type TextPart,
  textParts,
} from '../protocol/reader.ts';
import { type ReplayAction, replayActions } from '../protocol/replay.ts';
import type { Request } from '../protocol/rpc.ts';

// A page shows what strangers recorded, so what it sends is looked at before it is believed.

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length < 100_000;

export function isSpanRef(value: unknown): value is SpanRef {
  return isObject(value) && isText(value.file) && isText(value.spanId);
}

export function isRunRef(value: unknown): value is RunRef {
  return isObject(value) && isText(value.file) && isText(value.runId);
}

export function isRunPair(value: unknown): value is RunPair {
  return isObject(value) && isRunRef(value.a) && isRunRef(value.b);
}

export function isCall(value: unknown): value is Extract<Request, { kind: 'call' }> {
  return (
    isObject(value) &&
    value.kind === 'call' &&
    typeof value.id === 'number' &&
    typeof value.method === 'string' &&
    Array.isArray(value.args)
  );
}

export function isCancel(value: unknown): value is Extract<Request, { kind: 'cancel' }> {
  return isObject(value) && value.kind === 'cancel' && typeof value.id === 'number';
}

export const asSpanRef = (value: unknown): SpanRef =>
  isSpanRef(value) ? { file: value.file, spanId: value.spanId } : refuse('a span', value);

export const asRunRef = (value: unknown): RunRef =>
  isRunRef(value) ? { file: value.file, runId: value.runId } : refuse('a run', value);

export const asText = (value: unknown): string => (isText(value) ? value : refuse('a text', value));

/** A text that is only copied may be long. */
export const asLongText = (value: unknown): string =>
  typeof value === 'string' ? value : refuse('a text', value);

export function asPart(value: unknown): TextPart {
  const message = typeof value === 'string' ? namedMessage(value) : undefined;
  if (message) return messagePart(message.side, message.index);
  return textParts.find(part => part === value) ?? refuse('a part of a span', value);
}

export const asImagePart = (value: unknown): ImagePart =>
  imageParts.find(part => part === value) ?? refuse('a part with pictures', value);

export const asCommand = (value: unknown): PanelCommand =>
  panelCommands.find(command => command === value) ?? refuse('a command', value);

export const asReplayAction = (value: unknown): ReplayAction =>
  replayActions.find(action => action === value) ?? refuse('an action on a replay', value);

export const asTab = (value: unknown): SpanTab | undefined => spanTabs.find(tab => tab === value);

export function refuse(expected: string, value: unknown): never {
  throw new TraceError('unexpected', [`a page sent ${typeof value} where ${expected} belongs`]);
}
