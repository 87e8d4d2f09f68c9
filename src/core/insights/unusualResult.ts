import { formatShare } from '../format.ts';
import type { Context } from './evidence.ts';
import type { ResultFacts, ResultShape } from './facts.ts';
import type { Said } from './insight.ts';
import { quoted, say } from './say.ts';
import type { Sample } from './usual.ts';

export interface Unusual {
  readonly reason: 'empty' | 'shape' | 'short';
  /** What the tool gives is up to what it is told to do. */
  readonly isWeak?: boolean;
  readonly said: Said;
  readonly details: readonly Said[];
}

/** What happens in so few of its calls is not usual for a tool. */
const rare = 0.05;
/** What happens in so many of them is. */
const common = 0.8;

/** What these give depends on what they are told to do. */
const doesAnything =
  /(?:^|[\s._-])(?:bash|sh|shell|terminal|powershell|cmd|console|exec|execute|eval|repl|python|node|code|command|run|sql)(?:$|[\s._-])|^Bash|Shell$/i;
const longHistory = 40;

/** How a result differs from what the tool gave in other runs; undefined where it does not, or too few are known. */
export function unusual(
  name: string,
  result: ResultFacts,
  { usual, thresholds }: Context,
): Unusual | undefined {
  const { shapes, resultChars } = usual.tool(name);
  let known = 0;
  for (const count of shapes.values()) known += count;
  if (known < thresholds.leastHistory) return undefined;
  const count = (...of: readonly ResultShape[]): number =>
    of.reduce((sum, shape) => sum + (shapes.get(shape) ?? 0), 0);
  const tool = quoted(name);
  const isWeak = doesAnything.test(name) && known < longHistory;
  // A command may have nothing to say; a query that always gave rows is another matter.
  if (isWeak && (result.shape !== 'nothing' || count(...structured) / known < common)) {
    return undefined;
  }
  if (result.shape === 'nothing') {
    const empty = count('nothing');
    if (empty / known > rare) return undefined;
    const [shortest, longest] = range(resultChars, empty);
    return {
      reason: 'empty',
      isWeak,
      said: say('insightEmptyResult', tool, known - empty, known, shortest, longest),
      details: [say('evidenceEmpty', empty, known)],
    };
  }
  return (
    otherShape(tool, result, known, count) ??
    tooShort(tool, result, resultChars, thresholds.leastHistory)
  );
}

const structured: readonly ResultShape[] = ['object', 'list'];

function otherShape(
  tool: string,
  { shape }: ResultFacts,
  known: number,
  count: (...of: readonly ResultShape[]) => number,
): Unusual | undefined {
  if (structured.includes(shape) || shape === 'unknown' || shape === 'nothing') return undefined;
  const word =
    shape === 'html'
      ? 'insightHtmlForJson'
      : shape === 'text'
        ? 'insightTextForJson'
        : 'insightScalarForJson';
  const [usually, other] = [count(...structured), count(shape)];
  if (other / known > rare) return undefined;
  if (usually / known >= common) {
    const details = [say('evidenceJson', formatShare(usually / known))];
    return { reason: 'shape', said: say(word, tool, usually, known), details };
  }
  const texts = count('text');
  if (shape !== 'html' || texts / known < common) return undefined;
  const details = [say('evidenceText', formatShare(texts / known))];
  return { reason: 'shape', said: say('insightHtmlForText', tool, texts, known), details };
}

function tooShort(
  tool: string,
  { chars }: ResultFacts,
  known: Sample,
  leastHistory: number,
): Unusual | undefined {
  if (known.length < leastHistory) return undefined;
  const [least, most] = range(known, 0);
  // A tool whose results vary much, such as one that reads files, may give a short one any time.
  const spread = most / Math.max(1, least);
  if (least < 200 || chars * Math.max(10, spread) >= least) return undefined;
  return {
    reason: 'short',
    said: say('insightShort', tool, chars, least, most),
    details: [say('evidenceUsualChars', least, most)],
  };
}

/** Between which lengths nine of ten results lie, without the shortest ones that are empty. */
function range(sorted: Sample, without: number): readonly [number, number] {
  const count = sorted.length - without;
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, without + Math.round((count - 1) * share)))] ??
    0;
  return [at(0.05), at(0.95)];
}
