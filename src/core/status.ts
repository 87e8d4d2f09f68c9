import type { Judgement, Ms, RunStatus, Span, SpanStatus, UnixMs } from './model.ts';
import type { Node, RunTree } from './tree.ts';

/** What judging an unfinished run depends on besides its spans. */
export interface Clock {
  readonly now: UnixMs;
  /** A run without activity for longer than this is no longer taken to be running. */
  readonly staleAfter: Ms;
}

// A map, not an object: `constructor` is a word that a file may hold.
const words: ReadonlyMap<string, SpanStatus> = new Map<string, SpanStatus>([
  ['ok', 'ok'],
  ['success', 'ok'],
  ['completed', 'ok'],
  ['error', 'error'],
  ['failed', 'error'],
  ['failure', 'error'],
  ['running', 'running'],
]);

/**
 * The status of a span from its recorded word, any case. A span that ended but says `running` was
 * interrupted (Ctrl-C runs the tracer's `finally`, which writes the end without a status): an error.
 */
export function spanStatus(
  recorded: string | undefined,
  end: UnixMs | undefined,
  error: string | undefined,
): { status: SpanStatus; interrupted: boolean } {
  const word = recorded?.trim().toLowerCase() ?? '';
  const status = words.get(word) ?? (word === '' && error ? 'error' : 'unknown');
  if (status === 'running' && end !== undefined) return { status: 'error', interrupted: true };
  return { status, interrupted: false };
}

/** Stopped by a person, which is neither good nor bad; `unknown` is the only status that has such words. */
export const isCancelled = ({
  status,
  recordedStatus,
}: Pick<Span, 'status' | 'recordedStatus'>): boolean =>
  status === 'unknown' && /^\s*cancell?ed\s*$/i.test(recordedStatus ?? '');

const failed = (node: Node): boolean => node.span.status === 'error';

/** Whether a span failed on what failed a span below it: an exception that is passed on keeps its words. */
export const passedOn = (below: Node, above: Node): boolean =>
  failed(below) &&
  failed(above) &&
  below.span.error !== undefined &&
  below.span.error.trim() !== '' &&
  below.span.error.trim() === above.span.error?.trim();

/**
 * The failed spans that the run got over: a sibling started at or after its end, or its parent ended
 * ok, or was cancelled before it could go on. What lies below a span that was got over was got over with it. What started later is no recovery
 * where the parent failed with the span's own error: it may have been tidying up, or a branch beside it.
 */
export function recoveredSpans(tree: RunTree): ReadonlySet<Node> {
  const recovered = new Set<Node>();
  const overcome = new Set<Node>();
  // Children are sorted by start, so whether the run went on after one of them, the last to start tells.
  const lastStarted = new Map<Node, Node>();
  // Of several attempts, the last one is what the parent failed on.
  const fatal = new Map<Node, Node>();
  for (const node of tree.ordered) {
    const { parent } = node;
    if (parent && node.span.start !== undefined) lastStarted.set(parent, node);
    if (parent && node.flaw === undefined && passedOn(node, parent)) fatal.set(parent, node);
  }
  for (const node of tree.ordered) {
    const { parent, span } = node;
    if (!parent) continue;
    const last = lastStarted.get(parent);
    const wentOn =
      fatal.get(parent) !== node &&
      last !== undefined &&
      last !== node &&
      span.end !== undefined &&
      (last.span.start ?? 0) >= span.end;
    // An orphan's real parent is unknown: the root it hangs below does not vouch for it.
    const vouches = parent.span.status === 'ok' || isCancelled(parent.span);
    const parentOk = vouches && node.flaw === undefined;
    if (!overcome.has(parent) && !parentOk && !(failed(node) && wentOn)) continue;
    overcome.add(node);
    if (failed(node)) recovered.add(node);
  }
  return recovered;
}

/** Failed spans that nothing made good. */
export function unrecoveredSpans(tree: RunTree): readonly Node[] {
  const recovered = recoveredSpans(tree);
  return tree.ordered.filter(node => failed(node) && !recovered.has(node));
}

/** Where failures began: unrecovered failed spans with no such span below them, in tree order. */
export function failureOrigins(tree: RunTree): readonly Node[] {
  const unrecovered = unrecoveredSpans(tree);
  const above = new Set<Node>();
  for (const node of unrecovered) {
    for (let at = node.parent; at && !above.has(at); at = at.parent) above.add(at);
  }
  return unrecovered.filter(node => !above.has(node));
}

/**
 * The status of a run. A finished root says it itself; any other is judged from what its spans did,
 * because the seed article's tracer never closes a root.
 */
export function judgeRun(
  tree: RunTree,
  clock: Clock,
): {
  status: RunStatus;
  judgement: Judgement;
  end: UnixMs | undefined;
  lastActivity: UnixMs | undefined;
} {
  const { root } = tree;
  const lastActivity = latest(tree.ordered, node => [node.span.start, node.span.end]);
  const latestEnd = latest(tree.ordered, node => [node.span.end]);
  const says = root.span.status;
  const isRoot = root.flaw === undefined;
  if (isRoot && root.span.interrupted) {
    return { status: 'error', judgement: 'interrupted', end: root.span.end, lastActivity };
  }
  const otherRootFailed = (): boolean =>
    unrecoveredSpans(tree).some(node => node.flaw === 'second-root');
  if (isRoot && (says === 'error' || (says === 'ok' && !otherRootFailed()))) {
    return { status: says, judgement: undefined, end: root.span.end ?? latestEnd, lastActivity };
  }
  if (isRoot && isCancelled(root.span) && !otherRootFailed()) {
    const end = root.span.end ?? latestEnd;
    return { status: 'ok', judgement: 'cancelled', end, lastActivity };
  }
  const judged = (status: RunStatus, judgement: Judgement, end: UnixMs | undefined) => ({
    status,
    judgement,
    end,
    lastActivity,
  });
  // Not the root's own end: it may be an orphan in a root's place, or not the only root.
  const end = latestEnd;
  if (unrecoveredSpans(tree).length > 0) {
    return judged('error', isRoot && says === 'ok' ? 'second-root' : 'unrecovered-failure', end);
  }
  const finished = isRoot && root.span.end !== undefined;
  if (finished) return judged('ok', 'unknown-status', end);
  if (isRecent(lastActivity, clock)) return judged('running', 'recent-activity', undefined);
  const open = tree.ordered.some(node => node !== root && isOpen(node));
  return open ? judged('stale', 'open-descendant', undefined) : judged('ok', 'all-ended', end);
}

/** A time far ahead of the clock is a broken record, not activity; clocks differ by seconds. */
export function isRecent(activity: UnixMs | undefined, { now, staleAfter }: Clock): boolean {
  return activity !== undefined && Math.abs(now - activity) <= staleAfter;
}

const isOpen = (node: Node): boolean =>
  node.span.end === undefined && (node.span.status === 'running' || node.span.status === 'unknown');

function latest(
  nodes: readonly Node[],
  times: (node: Node) => readonly (UnixMs | undefined)[],
): UnixMs | undefined {
  let best: UnixMs | undefined;
  for (const node of nodes) {
    for (const time of times(node)) {
      if (time !== undefined && Number.isFinite(time) && (best === undefined || time > best))
        best = time;
    }
  }
  return best;
}
