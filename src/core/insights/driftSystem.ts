import { integer } from '../format.ts';
import { type Dialogue, dialoguesOf, isSystem, type ModelCall } from './dialogues.ts';
import type { RunEvidence } from './evidence.ts';
import { type Insight, mostSpans, type Said } from './insight.ts';
import { say } from './say.ts';

/** A shorter one says so little that nobody would miss it. */
const leastChars = 60;
const mostFound = 10;

interface Instructed {
  readonly turn: ModelCall;
  readonly chars: number;
  readonly hash: string;
}

/** System prompts that got lost in the course of a conversation, or where it went on from a summary. */
export const systemDrift = (evidence: RunEvidence): readonly Insight[] =>
  [
    ...dialoguesOf(evidence).flatMap(dialogue => ofDialogue(evidence, dialogue) ?? []),
    ...goneWithTheStart(evidence),
  ].slice(0, mostFound);

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

/**
 * A conversation without instructions, begun in the place of one that had some and was offered the same tools.
 * What an agent does between, such as asking for a title, offers no tools.
 */
function goneWithTheStart(evidence: RunEvidence): readonly Insight[] {
  const last = new Map<string, Instructed>();
  const found: Insight[] = [];
  for (const dialogue of dialoguesOf(evidence)) {
    const [first] = dialogue;
    const now = first && instructed(first);
    const tools = first?.facts?.prompt.find(one => one.part === 'tools')?.hash;
    if (!now || tools === undefined) continue;
    const { parent } = now.turn.node;
    const place = [parent?.span.spanId, now.turn.span.name, now.turn.span.model, tools].join(
      '\u0000',
    );
    const before = last.get(place);
    const end = dialogue.at(-1);
    const latest = end && instructed(end);
    if (latest) last.set(place, latest);
    const ended = (before?.turn.span.end ?? 0) <= (now.turn.span.start ?? 0) + 1;
    if (!before || before.chars < leastChars || now.chars > 0 || !ended) continue;
    const [at, from] = [integer(now.turn.number), integer(before.turn.number)];
    found.push({
      type: 'reasoning-drift',
      severity: 'info',
      runId: evidence.run.runId,
      spanIds: [...dialogue, before.turn].slice(0, mostSpans).map(turn => turn.span.spanId),
      said: say('insightDriftSystemGoneTools', at, from),
      evidence: [],
    });
  }
  return found;
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
