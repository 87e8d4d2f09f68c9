/**
 * Keys under which a root says which session its run belongs to: our own, then those of the conventions
 * in use (OpenTelemetry GenAI, OpenInference, Copilot Chat, OpenLLMetry, Vercel AI SDK, LangSmith, Langfuse,
 * MLflow).
 */
export const sessionKeys = [
  'session_id',
  'session.id',
  'gen_ai.conversation.id',
  'copilot_chat.chat_session_id',
  'traceloop.association.properties.session_id',
  'ai.telemetry.metadata.sessionId',
  'langsmith.trace.session_id',
  'langfuse.session.id',
  'mlflow.trace.session',
  'user.session',
  'sessionId',
] as const;

const mostChars = 200;

/** The session among the values of those keys, in their order; anything but a short text or a number is none. */
export function sessionOf(values: unknown): string | undefined {
  if (!Array.isArray(values)) return undefined;
  for (const value of values) {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text.trim() !== '' && text.length <= mostChars) return text;
  }
  return undefined;
}
