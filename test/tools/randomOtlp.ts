// OTLP that no one thought of: the same for the same seed.
import type {
  OtlpAttribute,
  OtlpLogRecord,
  OtlpLogs,
  OtlpSpan,
  OtlpTraces,
  OtlpValue,
} from '../../src/formats/otlp.ts';
import type { Random } from './sample/random.ts';

const signs = [
  'a',
  ' ',
  '\n',
  '"',
  '\\',
  'é',
  '🙂',
  '\u2028',
  '</script>',
  '{',
  '\u0000',
  '\ufffd',
];
const hex = '0123456789abcdef';
const whole = [0n, 1n, -1n, 127n, 128n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const doubles = [0, -0, 1, 0.1, 5e-324, 1.7976931348623157e308, NaN, Infinity, -Infinity, 1e21];

/** An array of so many, each made anew. */
const some = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: random.whole(0, most) }, make);

const randomText = (random: Random, most = 40): string =>
  some(random, most, () => random.pick(signs)).join('');
const randomId = (random: Random, length: number): string => random.text(hex, length);
const randomNanos = (random: Random): bigint =>
  1_700_000_000_000_000_000n + BigInt(Math.floor(random.next() * 2 ** 53));
const randomCount = (random: Random): number => random.pick([0, 0, 1, 300, 2 ** 32 - 1]);

export function randomValue(random: Random, depth = 0): OtlpValue {
  switch (random.whole(0, depth > 3 ? 5 : 7)) {
    case 0:
      return random.pick([true, false, undefined]);
    case 1:
      return random.pick(whole);
    case 2:
      return random.pick(doubles);
    case 3:
      return Uint8Array.from(some(random, 9, () => random.whole(0, 255)));
    case 4:
      return BigInt(Math.floor(random.between(-1e15, 1e15)));
    case 5:
      return randomText(random);
    case 6:
      return some(random, 4, () => randomValue(random, depth + 1));
    default:
      return { entries: randomAttributes(random, depth + 1) };
  }
}

export const randomAttributes = (random: Random, depth = 0): OtlpAttribute[] =>
  some(random, 4, () => ({ key: randomText(random, 5), value: randomValue(random, depth) }));

const holder = (random: Random) => ({
  attributes: randomAttributes(random),
  droppedAttributesCount: randomCount(random),
});

function randomSpan(random: Random): OtlpSpan {
  const start = randomNanos(random);
  return {
    traceId: randomId(random, 32),
    spanId: randomId(random, 16),
    traceState: random.pick(['', 'vendor=a']),
    parentSpanId: random.pick(['', randomId(random, 16)]),
    flags: random.pick([0, 1, 0x101, 0x301]),
    name: randomText(random),
    kind: random.whole(0, 5),
    startNanos: start,
    endNanos: random.pick([0n, start + BigInt(random.whole(0, 1e9))]),
    ...holder(random),
    events: some(random, 3, () => ({
      timeNanos: randomNanos(random),
      name: randomText(random),
      ...holder(random),
    })),
    droppedEventsCount: randomCount(random),
    links: some(random, 2, () => ({
      traceId: randomId(random, 32),
      spanId: randomId(random, 16),
      traceState: random.pick(['', 'vendor=a']),
      ...holder(random),
      flags: random.pick([0, 1, 0x301]),
    })),
    droppedLinksCount: randomCount(random),
    status: { code: random.whole(0, 2), message: random.pick(['', randomText(random)]) },
  };
}

const scopeOf = (random: Random) => ({
  name: randomText(random),
  version: random.pick(['', '1.0']),
  ...holder(random),
});

export const randomTraces = (random: Random): OtlpTraces => ({
  resourceSpans: some(random, 3, () => ({
    resource: holder(random),
    scopeSpans: some(random, 3, () => ({
      scope: scopeOf(random),
      spans: some(random, 4, () => randomSpan(random)),
      schemaUrl: random.pick(['', 'https://opentelemetry.io/schemas/1.41.0']),
    })),
    schemaUrl: random.pick(['', 'https://opentelemetry.io/schemas/1.41.0']),
  })),
});

const randomRecord = (random: Random): OtlpLogRecord => ({
  timeNanos: random.pick([0n, randomNanos(random)]),
  observedNanos: randomNanos(random),
  severityNumber: random.whole(0, 24),
  severityText: random.pick(['', 'INFO']),
  body: randomValue(random),
  ...holder(random),
  flags: random.pick([0, 1]),
  traceId: random.pick(['', randomId(random, 32)]),
  spanId: random.pick(['', randomId(random, 16)]),
  eventName: random.pick(['', 'api_request']),
});

export const randomLogs = (random: Random): OtlpLogs => ({
  resourceLogs: some(random, 3, () => ({
    resource: holder(random),
    scopeLogs: some(random, 3, () => ({
      scope: scopeOf(random),
      logRecords: some(random, 4, () => randomRecord(random)),
      schemaUrl: '',
    })),
    schemaUrl: '',
  })),
});
