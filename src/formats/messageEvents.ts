import { type Fields, fieldsOf } from '../core/fields.ts';
import { recordedJson } from '../core/recordedJson.ts';

/**
 * A recorded answer as the API gives it whole, as JSON. What the tracer keeps beside a block whose arguments
 * broke off is not part of it.
 */
export function messageText(message: Fields): string {
  const broken = blocksOf(message).some(block => 'partial_json' in block);
  return (broken ? undefined : recordedJson(message)) ?? JSON.stringify(wholeMessage(message));
}

function wholeMessage(message: Fields): Fields {
  const content = blocksOf(message).map(block => {
    const { partial_json: _, ...sent } = block;
    return sent;
  });
  return { ...message, content };
}

/**
 * The events in which the API would stream an answer; put together, by our decoder or by an SDK, they are
 * that answer again, with its fields in their order.
 *
 * @param whole false: the answer broke off, and ends inside its last block
 */
export function messageEvents(message: Fields, whole = true): readonly Fields[] {
  const blocks = blocksOf(message);
  const { stop_reason } = message;
  const ended = whole || (stop_reason !== null && stop_reason !== undefined);
  return [
    startOf(message, ended),
    ...blocks.flatMap((block, index) => {
      const stops = ended || index < blocks.length - 1 || hasWholeInput(block);
      return [
        ...blockEvents(block, index, stops),
        ...(stops ? [{ type: 'content_block_stop', index }] : []),
      ];
    }),
    ...(ended ? [endOf(message)] : []),
    ...(whole ? [{ type: 'message_stop' }] : []),
  ];
}

/** One event as it is written to the wire. */
export const eventText = (event: Fields): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const blocksOf = ({ content }: Fields): readonly Fields[] =>
  Array.isArray(content) ? content.map(fieldsOf) : [];

/** What is known only at the end is not there yet at the beginning; SDKs count on the fields all the same. */
function startOf(message: Fields, ended: boolean): Fields {
  const { usage = { input_tokens: 0, output_tokens: 0 } } = message;
  const { output_tokens } = fieldsOf(usage);
  const isCount = ended && typeof output_tokens === 'number';
  const later = ['stop_reason', 'stop_sequence', 'stop_details'].filter(key => key in message);
  return {
    type: 'message_start',
    message: {
      ...message,
      content: [],
      ...Object.fromEntries(later.map(key => [key, null])),
      usage: { ...fieldsOf(usage), ...(isCount && { output_tokens: Math.min(1, output_tokens) }) },
    },
  };
}

/** Counts that the API says again at the end, as totals. */
const cumulative = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'output_tokens_details',
  'server_tool_use',
  'iterations',
];

function endOf(message: Fields): Fields {
  const usage = fieldsOf(message.usage);
  const said = ['stop_reason', 'stop_sequence', 'stop_details', 'container'];
  return {
    type: 'message_delta',
    delta: Object.fromEntries(said.flatMap(key => (key in message ? [[key, message[key]]] : []))),
    usage: Object.fromEntries(cumulative.flatMap(key => (key in usage ? [[key, usage[key]]] : []))),
    ...(message.context_management ? { context_management: message.context_management } : {}),
  };
}

function blockEvents(block: Fields, index: number, stops: boolean): readonly Fields[] {
  const [start, deltas] = startAndDeltas(block, stops);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map(delta => ({ type: 'content_block_delta', index, delta })),
  ];
}

function startAndDeltas(
  block: Fields,
  stops: boolean,
): readonly [start: Fields, deltas: readonly Fields[]] {
  if (block.type === 'text' && typeof block.text === 'string') {
    const citations = Array.isArray(block.citations) ? block.citations : [];
    return [
      { ...block, text: '', ...(citations.length > 0 && { citations: [] }) },
      [
        ...pieces(block.text).map(text => ({ type: 'text_delta', text })),
        ...citations.map(citation => ({ type: 'citations_delta', citation })),
      ],
    ];
  }
  if (block.type === 'thinking' && typeof block.thinking === 'string') {
    const { signature } = block;
    return [
      { ...block, thinking: '', ...(signature !== undefined && { signature: '' }) },
      [
        ...pieces(block.thinking).map(thinking => ({ type: 'thinking_delta', thinking })),
        ...(signature ? [{ type: 'signature_delta', signature }] : []),
      ],
    ];
  }
  if (typeof block.type === 'string' && /(^|_)tool_use$/.test(block.type) && 'input' in block) {
    const { partial_json, ...rest } = block;
    const text = typeof partial_json === 'string' ? partial_json : jsonOf(block.input);
    return [
      { ...rest, input: {} },
      (text === '' && !stops && partial_json === undefined ? [] : ['', ...pieces(text)]).map(
        partial_json => ({ type: 'input_json_delta', partial_json }),
      ),
    ];
  }
  return [block, []];
}

/** Arguments are read when their block ends: where there are any, it did. */
const hasWholeInput = ({ input, partial_json }: Fields): boolean =>
  partial_json === undefined && Object.keys(fieldsOf(input)).length > 0;

const jsonOf = (input: unknown): string => {
  const text = recordedJson(input) ?? JSON.stringify(input) ?? '';
  return text === '{}' ? '' : text;
};

const shortest = 24;
const mostPieces = 400;

/** A text in pieces, about as long as tokens come; never half a character. */
function pieces(text: string): readonly string[] {
  const size = Math.max(shortest, Math.ceil(text.length / mostPieces));
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + size;
    if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end++;
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}
