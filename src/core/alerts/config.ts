import {
  type ChannelConfig,
  channelFields,
  channelTypes,
  commonChannelFields,
} from './channels.ts';
import { durationOf, readField, required, type Slot } from './fields.ts';
import { type JsonMember, type JsonNode, lineOf, parseJsonc } from './jsonc.ts';
import { commonFields, type Rule, ruleFields, ruleTypes } from './rules.ts';

export interface AlertsConfig {
  readonly rules: readonly Rule[];
  readonly channels: readonly ChannelConfig[];
}

/** What is wrong with the file, and where; line and column are counted from 1. */
export interface ConfigProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** Where it ends. */
  readonly endLine: number;
  readonly endColumn: number;
}

export const mostRules = 100;
const mostChannels = 20;

/** What is read and what is wrong with it. With a problem, the others that have none are still there. */
export function parseAlerts(text: string): {
  readonly config: AlertsConfig;
  readonly problems: readonly ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  const wrong = (message: string, { start, end }: { start: number; end: number }): void => {
    const [from, to] = [lineOf(text, start), lineOf(text, end)];
    problems.push({ message, ...from, endLine: to.line, endColumn: to.column });
  };
  const { node, problem } = parseJsonc(text);
  if (problem) wrong(problem.message, problem);
  const rules: Rule[] = [];
  const channels: ChannelConfig[] = [];
  if (node) {
    if (!node.members) wrong('An object is expected: { "rules": […], "channels": […] }.', node);
    // Channels name rules, which may stand after them.
    const isRules = ({ name }: JsonMember): number => Number(name === 'rules');
    for (const member of [...(node.members ?? [])].sort((a, b) => isRules(b) - isRules(a))) {
      if (member.name === '$schema') continue;
      if (member.name === 'rules') {
        rules.push(...(partsOf(member.node, ruleShape, wrong, mostRules) as Rule[]));
      } else if (member.name === 'channels') {
        const found = partsOf(member.node, channelShape, wrong, mostChannels, rules);
        channels.push(...(found as ChannelConfig[]));
      } else wrong(`There is no “${member.name}”; there are “rules” and “channels”.`, member);
    }
  }
  return { config: { rules, channels }, problems };
}

interface Shape {
  readonly what: string;
  readonly types: readonly string[];
  readonly common: Readonly<Record<string, Slot>>;
  readonly own: Readonly<Record<string, Readonly<Record<string, Slot>>>>;
}

const ruleShape: Shape = { what: 'rule', types: ruleTypes, common: commonFields, own: ruleFields };
const channelShape: Shape = {
  what: 'channel',
  types: channelTypes,
  common: commonChannelFields,
  own: channelFields,
};

type Wrong = (message: string, where: { start: number; end: number }) => void;

function partsOf(
  node: JsonNode,
  shape: Shape,
  wrong: Wrong,
  most: number,
  rules?: readonly { readonly id: string }[],
): readonly object[] {
  if (!node.items) {
    wrong(`A list of ${shape.what}s is expected.`, node);
    return [];
  }
  if (node.items.length > most) wrong(`At most ${most} ${shape.what}s are read.`, node);
  const ids = new Set<string>();
  return node.items.slice(0, most).flatMap(item => {
    const part = partOf(item, shape, wrong);
    if (!part) return [];
    const named = item.members?.find(({ name }) => name === 'id')?.node ?? item;
    if (ids.has(part.id)) {
      wrong(`Another ${shape.what} has the id “${part.id}”. Give each an id of its own.`, named);
      return [];
    }
    ids.add(part.id);
    for (const id of rules && Array.isArray(part.rules) ? part.rules : []) {
      if (!rules?.some(rule => rule.id === id)) wrong(`There is no rule “${id}”.`, item);
    }
    return [part];
  });
}

function partOf(
  node: JsonNode,
  { what, types, common, own }: Shape,
  wrong: Wrong,
): { readonly id: string; readonly [name: string]: unknown } | undefined {
  if (!node.members) {
    wrong(`A ${what} is expected: { "type": … }.`, node);
    return undefined;
  }
  const type = node.members.find(({ name }) => name === 'type')?.node;
  const word = type?.value;
  if (typeof word !== 'string' || !types.includes(word)) {
    wrong(`Expected as “type”: ${types.map(one => `"${one}"`).join(', ')}.`, type ?? node);
    return undefined;
  }
  const slots: Readonly<Record<string, Slot>> = { ...common, ...own[word] };
  const part: Record<string, unknown> = { type: word };
  let isWhole = true;
  const say: Wrong = (message, where) => {
    isWhole = false;
    wrong(message, where);
  };
  for (const member of node.members) {
    const { name } = member;
    if (name === 'type') continue;
    const slot = Object.hasOwn(slots, name) ? slots[name] : undefined;
    if (!slot) {
      const known = Object.keys(slots).join(', ');
      say(`A ${what} of type “${word}” has no “${name}”; it has ${known}.`, member);
    } else if (Object.hasOwn(part, name)) say(`“${name}” is there twice.`, member);
    else {
      const read = readField(slot, member.node);
      if ('wrong' in read) say(`${name}: ${read.wrong}`, member.node);
      else part[name] = read.value;
    }
  }
  for (const [name, slot] of Object.entries(slots)) {
    if (Object.hasOwn(part, name)) continue;
    if (slot.otherwise === required) {
      if (!node.members.some(member => member.name === name)) {
        say(`A ${what} of type “${word}” needs “${name}”. ${slot.about}`, type ?? node);
      }
    } else part[name] = defaultOf(slot);
  }
  return isWhole ? { ...part, id: (part.id as string | undefined) ?? word } : undefined;
}

const defaultOf = ({ kind, otherwise }: Slot): unknown =>
  kind === 'duration' && typeof otherwise === 'string' ? durationOf(otherwise) : otherwise;

/** What is watched where nothing is said: the article's failure rate, and loops. */
export const usualAlerts: AlertsConfig = parseAlerts(
  '{ "rules": [{ "type": "failure-rate" }, { "type": "loop" }], "channels": [{ "type": "log" }] }',
).config;
