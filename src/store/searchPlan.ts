import { TraceError } from '../core/errors.ts';
import type { SoughtText } from '../core/query/ast.ts';
import { leavesOf } from '../core/query/evaluate.ts';
import { parseQuery } from '../core/query/parse.ts';
import { type Plan, planOf } from '../core/query/plan.ts';
import { problemWords } from '../core/query/problem.ts';
import type { Clock } from '../core/status.ts';
import { englishWords } from '../core/words.ts';
import { TextSearch } from './searchTexts.ts';

/** A query as it is put to a file at a time. */
export interface Asked {
  /** Undefined where nothing is asked. */
  readonly plan: Plan | undefined;
  /** What it finds may be other runs a minute later, though the file is the same. */
  readonly timed: boolean;
  readonly countsCalls: boolean;
  searchFor(sought: SoughtText): TextSearch;
}

const timedFields = ['after', 'before', 'duration'];

let latest: { readonly text: string; readonly now: number; readonly asked: Asked } | undefined;

/** Throws for what is no query; whoever lets a person type one has told them before. */
export function planFor(text: string | undefined, { now }: Clock): Asked {
  const wanted = text ?? '';
  if (latest?.text === wanted && latest.now === now) return latest.asked;
  const { query, problem } = parseQuery(wanted);
  if (problem) throw new TraceError('badQuery', [problemWords(problem, englishWords)]);
  const plan = query && planOf(query, now);
  const fields = plan ? leavesOf(plan).map(leaf => leaf.field as string | undefined) : [];
  const searches = new Map<SoughtText, TextSearch>();
  const asked: Asked = {
    plan,
    timed: fields.some(field => timedFields.includes(field ?? '')),
    countsCalls: fields.includes('calls'),
    searchFor(sought) {
      const search = searches.get(sought) ?? new TextSearch(sought);
      searches.set(sought, search);
      return search;
    },
  };
  latest = { text: wanted, now, asked };
  return asked;
}
