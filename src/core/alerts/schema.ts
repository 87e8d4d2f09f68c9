import { channelFields, commonChannelFields } from './channels.ts';
import { required, type Slot, schemaOf } from './fields.ts';
import { commonFields, ruleFields } from './rules.ts';

/** The published JSON schema, made of what the parser reads by; `media/alerts.schema.json` holds it. */
export function alertsSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Alerts of Agent Traces',
    description: 'What agent-traces monitor and the VS Code extension tell of, and whom.',
    type: 'object',
    additionalProperties: false,
    allowComments: true,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: 'string' },
      rules: listOf('What is told of.', commonFields, ruleFields),
      channels: listOf('Who is told.', commonChannelFields, channelFields),
    },
  };
}

type Slots = Readonly<Record<string, Slot>>;

function listOf(
  description: string,
  common: Slots,
  types: Readonly<Record<string, Slots>>,
): object {
  const all = Object.entries(types).map(([type, own]) => {
    const slots = { ...own, ...common };
    return {
      if: { properties: { type: { const: type } } },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON schema
      then: {
        additionalProperties: false,
        required: ['type', ...namesOf(slots)],
        properties: {
          type: {},
          ...Object.fromEntries(
            Object.entries(slots).map(([name, slot]) => [name, schemaOf(slot)]),
          ),
        },
      },
    };
  });
  const items = {
    type: 'object',
    required: ['type'],
    properties: { type: { enum: Object.keys(types) } },
    allOf: all,
  };
  return { description, type: 'array', items };
}

const namesOf = (slots: Slots): readonly string[] =>
  Object.keys(slots).filter(name => slots[name]?.otherwise === required);
