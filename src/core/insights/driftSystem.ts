import { integer } from '../format.ts';
import { type Dialogue, dialoguesOf, isSystem, type ModelCall } from './dialogues.ts';
import type { RunEvidence } from './evidence.ts';
import { type Insight, mostSpans, type Said } from './insight.ts';
import { say } from './say.ts';

/** A shorter one says so little that nobody would miss it. */
const leastChars = 200;
const mostFound = 10;

interface Instructed {
  readonly turn: ModelCall;
  readonly chars: number;
  readonly hash: string;
}

/** System prompts that got lost in the course of a conversation. */
export const systemDrift = (evidence: RunEvidence): readonly Insight[] =>
  dialoguesOf(evidence)
    .flatMap(dialogue => ofDialogue(evidence, dialogue) ?? [])
    .slice(0, mostFound);

function ofDialogue({ run }: RunEvidence, dialogue: Dialogue): Insight | undefined {
  const all = dialogue.flatMap(turn => instructed(turn) ?? []);
  const changes = all.slice(1).flatMap((now, at) => {
    const before = all[at];
    return before && before.hash !== now.hash ? [{ before, now, at: at + 1 }] : [];
  });
  const lost = changes.find(({ before, now }) => isLost(before, now));
  // One that changes again and again holds the time, or what is remembered.
  const other = changes.length === 1 && (changes[0]?.at ?? 0) >= 2 ? changes[0] : undefined;
  const change = lost ?? (other && isAnother(other.before, other.now) ? other : undefined);
  if (!change) return undefined;
  const { before, now, at } = change;
  const after = all.slice(at);
  // A call in between, for a summary or a title, has its own.
  if (after.some(one => one.hash === before.hash || one.chars >= before.chars)) {
    if (change === lost) return undefined;
  }
  return {
    type: 'reasoning-drift',
    severity: change === lost && after.length >= 2 ? 'warning' : 'info',
    runId: run.runId,
    spanIds: [...after.map(one => one.turn.span.spanId), before.turn.span.spanId].slice(
      0,
      mostSpans,
    ),
    said: sentence(before, now, change === lost),
    evidence: [],
  };
}

function instructed(turn: ModelCall): Instructed | undefined {
  const prompt = turn.facts?.prompt ?? [];
  if (turn.messages.length === 0) return undefined;
  const parts = prompt.filter(isSystem);
  return {
    turn,
    chars: parts.reduce((sum, one) => sum + one.chars, 0),
    hash: parts.map(one => one.hash).join(' '),
  };
}

const isLost = (before: Instructed, now: Instructed): boolean =>
  before.chars >= leastChars && now.chars < before.chars / 2;

/** More than a date or a name in it is another. */
const isAnother = (before: Instructed, now: Instructed): boolean =>
  before.chars >= leastChars &&
  Math.abs(now.chars - before.chars) > before.chars / 10 &&
  now.chars < 2 * before.chars;

function sentence(before: Instructed, now: Instructed, lost: boolean): Said {
  const [at, from] = [integer(now.turn.number), integer(before.turn.number)];
  if (!lost) {
    return say('insightDriftSystemReplaced', at, from, integer(now.chars), integer(before.chars));
  }
  return now.chars === 0
    ? say('insightDriftSystemGone', at, from)
    : say('insightDriftSystemShrunk', at, integer(now.chars), from, integer(before.chars));
}
