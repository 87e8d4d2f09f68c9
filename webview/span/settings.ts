import { oneLine } from '../../src/core/describe.ts';
import { integer } from '../../src/core/format.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';

type Setting = readonly [name: string, value: string];

/** The parameters of a call as they are read: the model stands in the header, objects are taken apart. */
export function callSettings(
  detail: Pick<SpanDetail, 'prompt' | 'stopReason'>,
  stopReason: string,
): readonly Setting[] {
  const own = (detail.prompt?.settings ?? [])
    .filter(([name]) => name !== 'model')
    .flatMap(([name, value]) => takenApart(name, value))
    .map(([name, value]): Setting => [settingName(name), settingValue(value)]);
  const last: readonly Setting[] = detail.stopReason
    ? [[stopReason, oneLine(detail.stopReason)]]
    : [];
  const names = new Set<string>();
  return [...own, ...last].filter(([name]) => !names.has(name) && names.add(name));
}

/** `thinking: {"type": "enabled"}` reads as “Thinking type: enabled”. */
function takenApart(name: string, value: string): readonly Setting[] {
  if (!value.startsWith('{')) return [[name, value]];
  try {
    const entries = Object.entries(JSON.parse(value) as object);
    if (entries.length === 0 || entries.length > 6) return [[name, value]];
    return entries.map(([key, one]) => [
      `${name}_${key}`,
      typeof one === 'string' ? one : JSON.stringify(one),
    ]);
  } catch {
    // Long settings are cut by the reader and are no JSON then.
    return [[name, value]];
  }
}

const settingValue = (value: string): string =>
  /^\d{1,15}$/.test(value) ? integer(Number(value)) : oneLine(value);

/** `max_tokens` reads as “Max tokens”; what does not look like such a name is left as it is. */
function settingName(name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return oneLine(name, 40);
  const spaced = name.replace(/_/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
