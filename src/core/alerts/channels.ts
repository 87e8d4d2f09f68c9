import { required, type Slot } from './fields.ts';

export const usualMailer = 'sendmail';

/** Where notifications go. Addresses that are secrets are named by the variable that holds them. */
export type ChannelConfig = {
  readonly id: string;
  /** Rules by their id; undefined for all. */
  readonly rules: readonly string[] | undefined;
  /** That an alert is over is said as well. */
  readonly resolved: boolean;
} & (
  | { readonly type: 'slack' | 'teams' | 'discord'; readonly urlVariable: string }
  | {
      readonly type: 'pagerduty';
      readonly keyVariable: string;
      readonly urlVariable: string | undefined;
    }
  | {
      readonly type: 'webhook';
      readonly urlVariable: string;
      readonly secretVariable: string | undefined;
    }
  | { readonly type: 'email'; readonly to: readonly string[]; readonly command: string }
  | { readonly type: 'log' }
);
export type ChannelType = ChannelConfig['type'];

const variable = (about: string, otherwise: unknown = required) =>
  ({
    kind: 'text',
    about,
    pattern: '^[A-Za-z_][A-Za-z0-9_]{0,100}$',
    says: 'The name of a variable is expected, such as SLACK_WEBHOOK_URL; what it holds is a secret and does not belong here.',
    otherwise,
  }) as const;
const url = { urlVariable: variable('The environment variable that holds the webhook’s address.') };

export const commonChannelFields = {
  id: {
    kind: 'text',
    about: 'Tells this channel from others of its type. Default: the type.',
    pattern: '^[\\w.-]{1,60}$',
    says: 'An id is expected: 1 to 60 letters, digits, “.”, “_” or “-”.',
    otherwise: undefined,
  },
  rules: {
    kind: 'texts',
    about: 'Ids of the rules that it is told of. Default: all.',
    pattern: '^[\\w.-]{1,60}$',
    says: 'Each is the id of a rule.',
    otherwise: undefined,
  },
  resolved: { kind: 'flag', about: 'Also say that an alert is over.', otherwise: true },
} as const satisfies Record<string, Slot>;

export const channelFields = {
  slack: url,
  teams: url,
  discord: url,
  pagerduty: {
    keyVariable: variable('The environment variable that holds the integration key.'),
    urlVariable: variable(
      'The environment variable that holds another address than https://events.pagerduty.com/v2/enqueue.',
      undefined,
    ),
  },
  webhook: {
    ...url,
    secretVariable: variable(
      'The environment variable that holds the key to sign with.',
      undefined,
    ),
  },
  email: {
    to: {
      kind: 'texts',
      about: 'Addresses.',
      // No line breaks, no commas, nothing that begins like an option of the command.
      pattern: '^[^\\s@,;<>"\\-][^\\s@,;<>"]*@[^\\s@,;<>"]+$',
      says: 'Each is an address such as on-call@example.org.',
      otherwise: required,
    },
    command: {
      kind: 'text',
      about: 'The program that takes a message on its input, as sendmail does with -t -i.',
      pattern: '^[^\\u0000-\\u001f]{1,300}$',
      says: 'The path of a program is expected.',
      otherwise: usualMailer,
    },
  },
  log: {},
} as const satisfies Record<ChannelType, Record<string, Slot>>;

export const channelTypes = Object.keys(channelFields) as readonly ChannelType[];
