import { type ApiRequest, apiMessage, type Json, type Reply } from '../messagesApi.ts';

/** The questions that the scripted model knows. The second asks for a page that is not there, the third is cut. */
export const questions = [
  'How fast do Alpine glaciers retreat, and what does it do to the Rhône?',
  'Which bridges were closed last year?',
  'How often are bridges inspected?',
] as const;

const use = (id: string, name: string, input: Json): Json => ({
  type: 'tool_use',
  id,
  name,
  input,
});
const say = (text: string): Json => ({ type: 'text', text });

/** What the model answers to each question, turn by turn. */
const turns: readonly (readonly (readonly Json[])[])[] = [
  [
    [
      say('I will look for both.'),
      use('toolu_01glacier', 'search', { query: 'glacier retreat' }),
      use('toolu_02rhone', 'search', { query: 'Rhône water' }),
    ],
    [use('toolu_03read', 'read_page', { page: 'glaciers/retreat' })],
    [
      say(
        'The Aletsch glacier lost 3.2 km since 1870. In August a third of the upper Rhône is melt water, so summers will get dry.',
      ),
    ],
  ],
  [
    [use('toolu_04bridge', 'search', { query: 'bridges closed' })],
    [
      say('The list of closed bridges should have its own page.'),
      use('toolu_05closed', 'read_page', { page: 'bridges/closed' }),
    ],
  ],
  [
    [use('toolu_06inspect', 'search', { query: 'bridges inspection' })],
    [say('Road bridges are inspected every six years, and every three once a crack was found.')],
  ],
];

/** A model in place of the real one: the same answers each time, with one overload and one cut stream. */
export function scriptedModel(): (request: ApiRequest) => Reply {
  let overloaded = false;
  return ({ body }) => {
    const messages = body.messages as { role: string; content: unknown }[];
    const story = questions.indexOf(messages[0]?.content as (typeof questions)[number]);
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    const content = turns[story]?.[turn] ?? [say('I do not know.')];
    if (story === 0 && turn === 1 && !overloaded) {
      overloaded = true;
      return {
        status: 529,
        error: { type: 'overloaded_error', message: 'Overloaded' },
        headers: { 'retry-after-ms': '250' },
      };
    }
    const written = turn === 0 ? 1480 : 0;
    const message = apiMessage({
      id: `msg_${story}${turn}`,
      content,
      stop_reason: content.some(block => block.type === 'tool_use') ? 'tool_use' : 'end_turn',
      usage: {
        input_tokens: 42 + 96 * turn,
        cache_creation_input_tokens: written,
        cache_read_input_tokens: turn === 0 ? 0 : 1480,
        cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
        output_tokens: 24 + 31 * content.length,
        service_tier: 'standard',
      },
    });
    if (story === 2 && turn === 1) return { message, events: 8, after: 'cut' };
    return { message, betweenMs: 4 };
  };
}
