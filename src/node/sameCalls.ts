import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsOf, textOf } from '../core/fields.ts';
import { nativeUsage } from '../core/usage.ts';
import { type CallFacts, isInnerTheCall, isSameCall } from '../formats/sameCall.ts';
import { RecentCalls } from './recentCalls.ts';

/** What of the metadata is asked: prompts are long. */
const told = `json_extract(metadata, '$.otel.scope.name', '$.usage', '$."gen_ai.response.id"',
  '$.response.id', '$.repeats')`;

/** Rows of a file that was there before: what wraps a call comes within seconds of it. */
const lookedBack = 5000;

interface WrittenCall {
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly runId: string;
  readonly startTime: number;
}

/**
 * Calls that two libraries recorded, one within the span of the other: one of the two spans is the call, and
 * the other one repeats it and counts nothing, whichever comes first.
 */
export class SameCalls {
  readonly #facts: StatementSync;
  readonly #repeatOf: StatementSync;
  readonly #note: StatementSync;
  readonly #repeat: StatementSync;
  readonly #pairs: StatementSync;
  readonly #latest: StatementSync;
  #recent: RecentCalls | undefined;

  /** @param db which has the table `span_keys` */
  constructor(db: DatabaseSync) {
    this.#facts =
      db.prepare(`SELECT start_time, end_time, status, model, input_tokens, output_tokens,
      json_type(metadata, '$.request') AS request, ${told} AS told FROM spans WHERE span_id = ?
      AND (model <> '' OR EXISTS (SELECT 1 FROM span_keys WHERE key = 'repeats=' || ?1))`);
    this.#repeatOf = db.prepare('SELECT span_id FROM span_keys WHERE key = ?');
    this.#note = db.prepare('INSERT OR REPLACE INTO span_keys VALUES (?, ?, ?)');
    this.#repeat =
      db.prepare(`UPDATE spans SET model = '', input_tokens = 0, output_tokens = 0, cost_usd = 0,
      metadata = json_set(json_remove(metadata, '$.usage'), '$.kind', ?2, '$.repeats', json_object(
        'span_id', ?3, 'model', model, 'usage', json_extract(metadata, '$.usage'), 'cost_usd', cost_usd))
      WHERE span_id = ?1 AND model <> ''`);
    this.#pairs = db.prepare(`SELECT i.parent_span_id AS outer_id, i.span_id AS inner_id, i.run_id
      FROM spans AS i JOIN spans AS o ON o.span_id = i.parent_span_id AND o.model <> ''
      WHERE i.model <> '' AND i.parent_span_id IS NOT NULL ORDER BY i.start_time`);
    this.#latest = db.prepare(`SELECT span_id, parent_span_id, start_time FROM spans
      WHERE rowid > (SELECT max(rowid) FROM spans) - ${lookedBack} AND (model <> ''
      OR EXISTS (SELECT 1 FROM span_keys WHERE key = 'repeats=' || spans.span_id)) ORDER BY rowid DESC`);
  }

  /**
   * A span that names a model was written just now. Of the file, only what memory says may be the same call is
   * looked at: an index of all calls made each span a third dearer.
   */
  written({ spanId, parentSpanId, runId, startTime }: WrittenCall): void {
    this.#recent ??= this.#known();
    const recent = this.#recent;
    recent.add(spanId, parentSpanId, startTime);
    if (parentSpanId !== undefined && recent.has(parentSpanId)) {
      this.#compare(parentSpanId, spanId, runId);
    }
    for (const inner of recent.within(spanId)) this.#compare(spanId, inner, runId);
  }

  /** The calls that came last before this program began. */
  #known(): RecentCalls {
    const recent = new RecentCalls();
    for (const { span_id, parent_span_id, start_time } of this.#latest.all().reverse()) {
      recent.add(String(span_id), textOf(parent_span_id), Number(start_time));
    }
    return recent;
  }

  /** All that a file holds. */
  all(): void {
    for (const { outer_id, inner_id, run_id } of this.#pairs.all()) {
      this.#compare(String(outer_id), String(inner_id), String(run_id));
    }
  }

  #compare(outerId: string, innerId: string, runId: string): void {
    const outer = this.#factsOf(outerId);
    const inner = outer && this.#factsOf(innerId);
    if (!outer || !inner || outer.repeats === innerId || !isSameCall(outer, inner)) return;
    // What comes within it besides, such as a second try, is a call of its own.
    const known = this.#repeatOf.get(`same=${outerId}`);
    if (known && known.span_id !== innerId) return;
    const [call, repeat, kind] =
      outer.repeats === undefined && isInnerTheCall(outer, inner)
        ? [innerId, outerId, 'chain']
        : [outerId, innerId, 'other'];
    this.#repeat.run(repeat, kind, call);
    this.#note.run(`same=${outerId}`, innerId, runId);
    this.#note.run(`repeats=${repeat}`, repeat, runId);
  }

  #factsOf(spanId: string): (CallFacts & { readonly repeats: string | undefined }) | undefined {
    const row = this.#facts.get(spanId);
    if (!row) return undefined;
    const [scope, usage, id, answered, repeated] = JSON.parse(String(row.told));
    const before = fieldsOf(repeated);
    const repeats = textOf(before.span_id);
    return {
      scope: textOf(scope),
      start: Number(row.start_time),
      end: row.end_time === null ? undefined : Number(row.end_time),
      failed: row.status === 'error',
      model: repeats === undefined ? String(row.model) : (textOf(before.model) ?? ''),
      usage: nativeUsage(row.input_tokens, row.output_tokens, before.usage ?? usage),
      responseId: textOf(id) ?? textOf(answered),
      hasRequest: row.request !== null,
      repeats,
    };
  }
}
