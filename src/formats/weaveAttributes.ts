import type { ExportedSpan } from './exportedSpan.ts';
import { openInferenceAttributes } from './openInferenceAttributes.ts';
import type { OtlpAttribute } from './otlp.ts';
import { factsFor } from './traceFacts.ts';

/**
 * The names that Weave reads (attribute mappings and threads at https://docs.wandb.ai/weave/guides/tracking/otel): those
 * of OpenInference, but `llm.system`, which it takes for the system prompt; a run is a turn of the thread that is its
 * session.
 */
export function weaveAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const found = openInferenceAttributes(span).filter(({ key }) => key !== 'llm.system');
  const { sessionId } = factsFor(span);
  if (sessionId === undefined) return found;
  return [
    ...found,
    { key: 'wandb.thread_id', value: sessionId },
    { key: 'wandb.is_turn', value: span.parentSpanId === undefined },
  ];
}
