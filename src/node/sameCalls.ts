import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsOf, textOf } from '../core/fields.ts';
import { nativeUsage } from '../core/usage.ts';
import { type CallFacts, isInnerTheCall, isSameCall } from '../formats/sameCall.ts';

/** Where spans come one by one: without it, each call is looked for among all that there are. */
export const callIndex = `CREATE INDEX IF NOT EXISTS spans_calls ON spans (parent_span_id)
  WHERE model <> '' AND parent_span_id IS NOT NULL`;

/** What of the metadata is asked: prompts are long. */
const told = `json_extract(metadata, '$.otel.scope.name', '$.usage', '$."gen_ai.response.id"',
  '$.response.id', '$.repeats')`;

/**
 * Calls that two libraries recorded, one within the span of the other: one of the two spans is the call, and
 * the other one repeats it and counts nothing, whichever comes first.
 */
export class SameCalls {
  readonly #facts: StatementSync;
  readonly #within: StatementSync;
  readonly #repeatOf: StatementSync;
  readonly #note: StatementSync;
  readonly #repeat: StatementSync;
  readonly #pairs: StatementSync;

  /** @param db which has the table `span_keys` */
  constructor(db: DatabaseSync) {
    this.#facts =
      db.prepare(`SELECT start_time, end_time, status, model, input_tokens, output_tokens,
      json_type(metadata, '$.request') AS request, ${told} AS told FROM spans WHERE span_id = ?
      AND (model <> '' OR EXISTS (SELECT 1 FROM span_keys WHERE key = 'repeats=' || ?1))`);
    this.#within = db.prepare(`SELECT span_id FROM spans
      WHERE parent_span_id = ? AND model <> '' AND parent_span_id IS NOT NULL ORDER BY start_time`);
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
  }

  /** A span that names a model was written just now. */
  written(spanId: string, parentId: string | undefined, runId: string): void {
    if (parentId !== undefined) this.#compare(parentId, spanId, runId);
    for (const { span_id: inner } of this.#within.all(spanId)) {
      this.#compare(spanId, String(inner), runId);
    }
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
