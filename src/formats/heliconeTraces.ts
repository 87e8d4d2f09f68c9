import { textOf } from '../core/fields.ts';
import { inputTokens } from '../core/usage.ts';
import { otlpOf, plainJson, plainOf } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { providerOf } from './genAiAttributes.ts';
import { type GenAiMessage, genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import { contentOf } from './langfuseAttributes.ts';
import { wordsOf } from './openInferenceMessages.ts';
import type { OtlpAttribute, OtlpSpan, OtlpTraces, OtlpValue } from './otlp.ts';
import type { EncodedText } from './otlpJsonWriter.ts';
import { factsFor } from './traceFacts.ts';
import { type Repairs, wellFormed } from './utf8.ts';

const callType = 'llm.request.type';
const property = 'traceloop.association.properties';

/**
 * The names that Helicone reads (valhalla/jawn/src/managers/traceManager.ts of Helicone/helicone; its pages name none):
 * those that OpenLLMetry wrote, and of the GenAI conventions those before 1.28. A session needs its id, a path and a
 * name (https://docs.helicone.ai/features/sessions).
 */
export function heliconeAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  if (span.kind !== 'llm') return [];
  const { fields, usage, model, name } = span;
  const found: OtlpAttribute[] = [];
  const put = (key: string, value: OtlpValue): void => {
    if (value !== undefined && value !== '') found.push({ key, value });
  };
  put(callType, 'chat');
  put('gen_ai.system', providerOf(model));
  const prompt = inputTokens(usage);
  put('gen_ai.usage.prompt_tokens', otlpOf(prompt));
  put('gen_ai.usage.completion_tokens', otlpOf(usage.output));
  if (prompt !== undefined) put('llm.usage.total_tokens', otlpOf(prompt + (usage.output ?? 0)));
  const { input, output } = contentOf(span);
  const request = input === undefined ? undefined : genAiRequestOf(fields.request);
  const system = request?.system && [{ role: 'system', parts: request.system }];
  const asked = [...(system ?? []), ...(request?.messages ?? [])];
  const said = output === undefined ? [] : (genAiResponseOf(fields.response) ?? []);
  putMessages('gen_ai.prompt', asked);
  putMessages('gen_ai.completion', said);
  const trace = factsFor(span);
  put(`${property}.Helicone-User-Id`, trace.userId);
  put(`${property}.Helicone-Session-Id`, trace.sessionId ?? textOf(span.runId));
  put(`${property}.Helicone-Session-Name`, trace.name);
  const steps = span.parentSpanId === undefined ? [name] : [trace.name, name];
  put(`${property}.Helicone-Session-Path`, `/${steps.map(pathStep).join('/')}`);
  return found;

  function putMessages(prefix: string, messages: readonly GenAiMessage[]): void {
    for (const [at, { role, parts, finish_reason }] of messages.entries()) {
      put(`${prefix}.${at}.role`, role);
      put(`${prefix}.${at}.content`, parts.map(wordsOf).join('\n'));
      put(`${prefix}.${at}.finish_reason`, finish_reason);
    }
  }
}

/** A name is one step of a path. */
const pathStep = (name: string): string => name.replaceAll('/', '-');

/** Each span becomes a request of a model there: others have no place. */
export const isHeliconeCall = ({ attributes }: OtlpSpan): boolean =>
  attributes.some(({ key }) => key === callType);

/**
 * As its reference has the body (https://docs.helicone.ai/rest/trace/post-v1tracelog): whole numbers are no texts, an
 * attribute is a text or a whole number, all that is named stands there, and nothing else may
 * (`throw-on-extras` in valhalla/jawn/tsoa-public.json of Helicone/helicone).
 */
export function heliconeJson({ resourceSpans }: OtlpTraces): EncodedText {
  const repairs: Repairs = { texts: 0 };
  const text = (value: string): string => wellFormed(value, repairs);
  const attributes = (all: readonly OtlpAttribute[]) =>
    all.flatMap(({ key, value }) =>
      value === undefined ? [] : [{ key: text(key), value: narrow(value, text) }],
    );
  const span = (one: OtlpSpan) => ({
    traceId: one.traceId,
    spanId: one.spanId,
    name: text(one.name),
    kind: one.kind,
    startTimeUnixNano: String(one.startNanos),
    endTimeUnixNano: String(one.endNanos),
    attributes: attributes(one.attributes),
    droppedAttributesCount: one.droppedAttributesCount,
    events: [],
    droppedEventsCount: one.droppedEventsCount + one.events.length,
    status: { code: one.status.code },
    links: [],
    droppedLinksCount: one.droppedLinksCount + one.links.length,
  });
  const body = {
    resourceSpans: resourceSpans.map(({ resource, scopeSpans }) => ({
      resource: {
        attributes: attributes(resource.attributes),
        droppedAttributesCount: resource.droppedAttributesCount,
      },
      scopeSpans: scopeSpans.map(({ scope, spans }) => ({
        scope: { name: text(scope.name), version: text(scope.version) },
        spans: spans.map(span),
      })),
    })),
  };
  return { text: JSON.stringify(body), repairedTexts: repairs.texts };
}

function narrow(
  value: OtlpValue,
  text: (value: string) => string,
): { readonly intValue: number } | { readonly stringValue: string } {
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return { intValue: number };
    return { stringValue: String(value) };
  }
  return { stringValue: text(typeof value === 'string' ? value : plainJson(plainOf(value))) };
}
