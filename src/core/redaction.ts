import { isContent } from './contentFields.ts';
import { unescaped } from './escapedCharacters.ts';
import { parsePaths } from './fieldPath.ts';
import type { Fields } from './fields.ts';
import { type Place, pathOf, plainCopy } from './plainCopy.ts';
import { type RedactionLog, redactionLog } from './redactionLog.ts';
import { limitsOf, type RedactionOptions } from './redactionOptions.ts';
import {
  isSecretField,
  isSecretHeader,
  isSecretNumber,
  markerOf,
  ownName,
  patternsOf,
  secretNames,
} from './secretPatterns.ts';
import { cutTexts, cutToLimit } from './textLimits.ts';

export interface Redactor {
  /** A copy of what a span or an event keeps; the field `redacted` says what was cut. Never throws. */
  fields(fields: Fields): Fields;
  /** A text beside the fields: the error of a span. Never throws. */
  text(text: string): string;
}

/** Takes secrets and personal data out before anything is stored. */
export function createRedactor(options: RedactionOptions = {}): Redactor {
  const mode = options.mode ?? 'full';
  const limits = limitsOf(options.limits);
  const paths = parsePaths(options.paths ?? []);
  // In the order of the list, whatever order the user named them in: some contain others.
  const chosen = options.patterns ?? secretNames;
  const patterns = patternsOf(
    mode === 'off'
      ? ['header']
      : secretNames.filter(name => name === 'header' || chosen.includes(name)),
  );
  const functions = mode === 'off' ? [] : (options.functions ?? []);

  const failed = (error: unknown, path: string): string => {
    try {
      options.failed?.(error, path);
    } catch {
      // Who is told of failures may fail too; there is no one else to tell.
    }
    return markerOf('failed');
  };

  const withoutSecrets = (
    text: string,
    limit: number,
    cut: (what: string) => void,
    again = true,
  ): string => {
    let result = text;
    // What one pattern takes out, or the limit, may bring another secret into view.
    for (let round = 0; round < 4; round++) {
      const before = result;
      for (const pattern of patterns) result = pattern(result, cut);
      if (result.length > limit) {
        cut(`size: ${text.length} characters`);
        result = cutToLimit(result, limit);
      }
      if (result === before) break;
    }
    const plain = again ? unescaped(result) : result;
    if (plain === result) return result;
    const cleaned = withoutSecrets(plain, limit, cut, false);
    return cleaned === plain ? result : cleaned;
  };
  /** The names on a path may be secrets, each by itself or put together. */
  const where = (place: Place): string => withoutSecrets(pathOf(place), longestPath, unheard);

  /** One text without its secrets, and no longer than allowed. */
  const clean = (
    text: string,
    path: () => string,
    cut: (what: string) => void,
    limit = limits.value,
  ): string => {
    let result = text;
    for (const own of functions) {
      try {
        const given = own(result, path());
        if (typeof given !== 'string') throw new TypeError('a redaction function gave no text');
        if (given !== result) cut('function');
        result = given;
      } catch (error) {
        cut('failed');
        return failed(error, path());
      }
    }
    return withoutSecrets(result, limit, cut);
  };

  const copyOf = (fields: Fields, log: RedactionLog): unknown => {
    let values = 0;
    const out = (place: Place, what: string): string => {
      log.cut(where(place), what);
      return markerOf(what);
    };
    /** What stands for a part that is not kept; undefined: it is looked into. */
    const hidden = (value: unknown, place: Place): { readonly replaced: unknown } | undefined => {
      if (++values > limits.values) {
        if (values === limits.values + 1) log.cut(where(place), 'too many values, and all after');
        return { replaced: undefined };
      }
      if (isHeader(place)) {
        if (value === markerOf('header')) return { replaced: value };
        // A field is left out with its name; in a list, where places count, a marker stands for it.
        const marker = out(place, 'header');
        return { replaced: isSecretHeader(ownName(place.key)) ? undefined : marker };
      }
      if (mode === 'off' || place.up === undefined) return undefined;
      const top = place.depth === 1;
      if (place.states.matched) {
        return { replaced: value === markerOf('path') ? value : out(place, 'path') };
      }
      if (mode === 'metadata' && (top || place.depth === 2) && !place.element) {
        if (isContent(place.key, top ? undefined : place.up.key)) {
          log.cut(where(place), 'content');
          return { replaced: undefined };
        }
      }
      return undefined;
    };
    return plainCopy(fields, paths, {
      enter(value, place) {
        const instead = hidden(value, place);
        if (instead) return instead;
        if (place.depth >= limits.depth) return { replaced: out(place, 'depth') };
        pairs.add(value, place);
        return 'copy';
      },
      leaf(value, place) {
        const instead = hidden(value, place);
        if (instead) return instead.replaced;
        if (typeof value === 'number' && mode !== 'off') {
          const text = String(value);
          if (isSecretNumber(nameAt(place), text)) return out(place, 'secret');
          const kept = clean(
            text,
            () => where(place),
            what => log.cut(where(place), what),
          );
          return kept === text ? value : kept;
        }
        if (typeof value !== 'string') return value;
        if (mode !== 'off' && value !== '' && isSecretField(nameAt(place))) {
          return /^\[redacted:[a-z-]+\]$/.test(value) ? value : out(place, 'secret');
        }
        return clean(
          value,
          () => where(place),
          what => log.cut(where(place), what),
          limitAt(place),
        );
      },
      name: (key, place) =>
        clean(
          key,
          () => where(place),
          what => log.cut(where(place), `${what} in a name`),
          limitAt(place),
        ),
    });
  };

  /** Of a field, or of the list that this stands in. */
  const nameAt = ({ key, element, up }: Place): string =>
    ownName(element ? (up?.element === false ? up.key : '') : key);

  /** What says what was cut is not cut with it. */
  const limitAt = ({ up }: Place): number =>
    up?.depth === 1 && up.key === 'redacted' ? Math.max(limits.value, longestNote) : limits.value;
  const pairs = headerPairs();
  const isHeader = (place: Place): boolean =>
    (!place.element && isSecretHeader(ownName(place.key))) || pairs.has(place);

  return {
    fields(fields) {
      const log = redactionLog();
      try {
        const copy = cutTexts(copyOf(fields, log) as Fields, limits.span, {
          cut: (place, what) => log.cut(where(place), what),
          shorten: (text, limit) => withoutSecrets(text, limit, unheard),
        });
        return log.size === 0 ? copy : { ...copy, redacted: log.fields(copy.redacted) };
      } catch (error) {
        return { redacted: { '': failed(error, '') } };
      }
    },
    text(text) {
      try {
        return clean(text, () => 'error', unheard);
      } catch (error) {
        return failed(error, 'error');
      }
    },
  };
}

const longestPath = 200;
const longestNote = 1000;

const unheard = (): void => undefined;

/** Headers as lists of pairs: `['x-api-key', '…']` and `{ name: 'x-api-key', value: '…' }`. */
function headerPairs() {
  const found = new WeakSet<Place>();
  const named = (value: unknown): boolean => typeof value === 'string' && isSecretHeader(value);
  return {
    add(value: object, place: Place): void {
      const fields = value as Record<string, unknown>;
      try {
        const pair = Array.isArray(value)
          ? value.length === 2 && named(value[0])
          : named(fields.name) || named(fields.key);
        if (pair) found.add(place);
      } catch {
        // A getter may throw; the copy meets it again and says so.
      }
    },
    has: (place: Place): boolean =>
      place.up !== undefined &&
      found.has(place.up) &&
      (place.element ? place.key === '1' : place.key === 'value'),
  };
}
