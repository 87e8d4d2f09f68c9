import type { Node } from '../tree.ts';
import type { Detector, RunEvidence } from './evidence.ts';
import type { Insight } from './insight.ts';
import { insight, nameOfSpan, quoted, say } from './say.ts';
import { scopesOf } from './scopes.ts';

const mostReverts = 20;

interface Change {
  readonly node: Node;
  readonly target: string;
  readonly before: string;
  readonly after: string;
}

/** Edits that undo an earlier one, and are undone. Once is a change of mind; to and fro is a loop. */
export const findReverts: Detector = function* (evidence) {
  const found: Insight[] = [];
  for (const scope of scopesOf(evidence.tree)) {
    yield;
    for (const [first, ...undoing] of undone(changesOf(scope, evidence))) {
      if (found.length >= mostReverts) return found;
      if (!first) continue;
      const name = nameOfSpan(first.node.span);
      const thing = quoted(first.target);
      const said = say('insightRevert', name, thing, undoing.length);
      const nodes = [first, ...undoing].map(change => change.node);
      found.push(insight(evidence, 'loop', 'warning', nodes, said));
    }
  }
  return found;
};

/** What was put in the place of what; of a text that is written whole, in the place of the one before. */
function* changesOf(scope: readonly Node[], evidence: RunEvidence): Generator<Change> {
  const written = new Map<string, string>();
  for (const node of scope) {
    if (node.span.status === 'error') continue;
    const edit = evidence.facts(node.span).tool?.edit;
    if (!edit) continue;
    const { target, after } = edit;
    const before = edit.before ?? written.get(target);
    if (edit.before === undefined) written.set(target, after);
    else written.delete(target);
    if (before !== undefined && before !== after) yield { node, target, before, after };
  }
}

/** The changes between the same two texts that went to and fro: the first one, and each that undid the one before. */
function undone(changes: Iterable<Change>): readonly (readonly Change[])[] {
  const between = new Map<string, Change[]>();
  for (const change of changes) {
    const texts = [change.before, change.after].sort().join(' ');
    const key = `${texts} ${change.target}`;
    const before = between.get(key);
    if (!before) between.set(key, [change]);
    else if (before.at(-1)?.after === change.before) before.push(change);
  }
  return [...between.values()].filter(changes => changes.length > 2);
}
