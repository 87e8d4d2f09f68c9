// Answers of the Messages API that no one thought of: the same ones for the same seed.
import { apiMessage, type Json } from './messagesApi.ts';
import type { Random } from './sample/random.ts';

const below = (random: Random, limit: number): number => Math.floor(random.next() * limit);

const signs = [
  'a',
  ' ',
  '\n',
  '"',
  '\\',
  'é',
  '🙂',
  '\u2028',
  '</script>',
  '{',
  ']',
  '\u0000',
  '0',
];

function randomText(random: Random, most: number): string {
  let text = '';
  for (let left = below(random, most); left > 0; left--) text += signs[below(random, signs.length)];
  return text;
}

function randomJson(random: Random, depth: number): unknown {
  switch (below(random, depth > 3 ? 4 : 6)) {
    case 0:
      return randomText(random, 30);
    case 1:
      return below(random, 1_000_000) / 1000 - 300;
    case 2:
      return below(random, 2) === 0;
    case 3:
      return null;
    case 4:
      return Array.from({ length: below(random, 4) }, () => randomJson(random, depth + 1));
    default:
      return randomFields(random, depth + 1);
  }
}

const randomFields = (random: Random, depth: number): Json =>
  Object.fromEntries(
    Array.from({ length: below(random, 4) }, (_, at) => [
      `${randomText(random, 4)}${at}`,
      randomJson(random, depth),
    ]),
  );

function randomBlock(random: Random, at: number): Json {
  const id = `toolu_${at}`;
  const citation = () => ({
    type: 'char_location',
    cited_text: randomText(random, 9),
    document_index: below(random, 4),
    document_title: null,
  });
  switch (below(random, 7)) {
    case 0:
      return { type: 'thinking', thinking: randomText(random, 200), signature: 'c2ln' };
    case 1:
      return { type: 'redacted_thinking', data: randomText(random, 50) };
    case 2:
      return { type: 'tool_use', id, name: 'tool', input: randomFields(random, 0) };
    case 3:
      return { type: 'server_tool_use', id, name: 'web_search', input: randomFields(random, 0) };
    case 4:
      return {
        type: 'web_search_tool_result',
        tool_use_id: id,
        content: [{ type: 'web_search_result', title: randomText(random, 9), page_age: null }],
      };
    case 5:
      return {
        citations: Array.from({ length: below(random, 3) }, citation),
        type: 'text',
        text: randomText(random, 60),
      };
    default:
      return { type: 'text', text: randomText(random, 2000), citations: null };
  }
}

export function randomMessage(random: Random): Json {
  const reasons = ['end_turn', 'tool_use', 'max_tokens', 'pause_turn', 'refusal'];
  const stopped = below(random, 5) === 0;
  return apiMessage({
    id: `msg_${below(random, 1e9)}`,
    content: Array.from({ length: below(random, 6) }, (_, at) => randomBlock(random, at)),
    stop_reason: stopped ? 'stop_sequence' : reasons[below(random, reasons.length)],
    stop_sequence: stopped ? randomText(random, 5) : null,
    ...(below(random, 2) === 0 && { stop_details: null }),
    usage: {
      output_tokens: below(random, 5000),
      input_tokens: below(random, 5000),
      cache_read_input_tokens: below(random, 2) === 0 ? null : below(random, 9000),
      service_tier: 'standard',
      ...(below(random, 2) === 0 && {
        output_tokens_details: { thinking_tokens: below(random, 99) },
      }),
      ...(below(random, 3) === 0 && { server_tool_use: { web_search_requests: below(random, 4) } }),
    },
  });
}
