import { type Fields, fieldsOf } from './fields.ts';

/** Reads an attribute; the conventions put structured values into them as JSON strings. */
export type Attribute = (key: string) => unknown;

// Behind `gen_ai.request.`, as OpenTelemetry's GenAI conventions name them.
const settingNames = [
  'model',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'stop_sequences',
  'frequency_penalty',
  'presence_penalty',
  'reasoning.level',
] as const;

/**
 * The request of a call from OpenTelemetry's attributes: its messages, and with them the instructions,
 * tools and settings where they were recorded.
 */
export function genAiRequest(attribute: Attribute): unknown {
  const messages = attribute('gen_ai.input.messages');
  if (!Array.isArray(messages)) return messages;
  const body: Record<string, unknown> = {};
  for (const name of settingNames) {
    const value = attribute(`gen_ai.request.${name}`);
    if (value !== undefined && value !== null) body[name] = asNumber(value);
  }
  const system = attribute('gen_ai.system_instructions');
  const tools = attribute('gen_ai.tool.definitions');
  if (system !== undefined && system !== null) body.system = system;
  if (Array.isArray(tools) && tools.length > 0) body.tools = tools;
  return Object.keys(body).length === 0 ? messages : { ...body, messages };
}

/** The answer of a call; Copilot Chat records what the model thought beside its messages. */
export function genAiResponse(attribute: Attribute): unknown {
  const messages = attribute('gen_ai.output.messages');
  const thought = attribute('copilot_chat.reasoning_content');
  // A call that failed records no message.
  if (Array.isArray(messages) && messages.length === 0) return undefined;
  // Thoughts that only the provider can read are recorded as this word.
  if (typeof thought !== 'string' || thought === '' || thought === '[encrypted]') return messages;
  if (!Array.isArray(messages) || JSON.stringify(messages).includes('"type":"reasoning"')) {
    return messages;
  }
  const [first, ...others] = messages;
  const parts = fieldsOf(first).parts;
  if (!Array.isArray(parts)) return messages;
  const reasoning = { type: 'reasoning', content: thought };
  return [{ ...(first as Fields), parts: [reasoning, ...parts] }, ...others];
}

/** Why the model stopped, as the messages or the attribute beside them say it. */
export function genAiFinishReason(response: unknown, attribute: Attribute): unknown {
  const told = Array.isArray(response)
    ? response.map(one => fieldsOf(one).finish_reason).find(one => typeof one === 'string')
    : undefined;
  if (told !== undefined) return told;
  const reasons = attribute('gen_ai.response.finish_reasons');
  return Array.isArray(reasons) ? reasons[0] : reasons;
}

/** Copilot Chat writes every attribute as a text. */
function asNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)
    ? Number(value)
    : value;
}
