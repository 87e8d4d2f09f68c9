import { readContent, toolUses } from '../core/blocks.ts';
import { causeOf } from '../core/causality.ts';
import { causeView } from '../core/causeView.ts';
import { asText, type Cut, cut } from '../core/content.ts';
import { contextParts } from '../core/contextParts.ts';
import { readRequest, readResponse } from '../core/conversation.ts';
import { readDocuments } from '../core/documents.ts';
import { fieldsOf } from '../core/fields.ts';
import { indentJson } from '../core/jsonText.ts';
import { type Metadata, readMetadata } from '../core/metadata.ts';
import type { Span } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import { priceOf } from '../core/prices.ts';
import { keepRecorded } from '../core/recordedJson.ts';
import type { Clock } from '../core/status.ts';
import type { Node } from '../core/tree.ts';
import type { SpanDetail } from '../protocol/reader.ts';
import { recordedToolUseId } from './answers.ts';
import { summaryAt } from './runIndex.ts';
import { type RunView, stored } from './runView.ts';
import { sinceEarlier } from './since.ts';
import { fieldText } from './texts.ts';

// Of a run with more failures, the others are not asked whether this span is their cause.
const askedFailures = 50;

/** Everything the panel shows of a span. */
export function spanDetail(view: RunView, node: Node, clock: Clock): SpanDetail {
  const { source } = view;
  const { row, spanId } = stored(node.span);
  const recorded = source.metadata(row);
  const metadata = readMetadata(recorded);
  keepRecorded(metadata.fields, recorded);
  const { events, total } = source.events(spanId);
  const span = view.rowOf(node);
  const input = fieldText(recorded, metadata, 'tool_input', metadata.toolInput);
  const error = source.error(row) || undefined;
  const request = metadata.request ?? metadata.input;
  const prompt = readRequest(request);
  const cause = span.status === 'error' ? causeOfFailed(view, node, metadata) : undefined;
  const onlyNew = metadata.onlyNewMessages;
  const earlier = onlyNew ? undefined : sinceEarlier(view, node, request, prompt);
  return {
    span,
    run: summaryAt(view.entry, clock),
    prompt,
    onlyNewMessages: onlyNew || (node === view.tree.root && firstHoldsOnlyNew(view)),
    response: readResponse(metadata.response ?? metadata.output),
    stopReason: stopReason(metadata),
    tool: {
      useId: metadata.toolUseId,
      input: cutText(input),
      result: metadata.toolResult === undefined ? undefined : readContent(metadata.toolResult),
      resultLength: metadata.resultLength,
    },
    metadata: recorded === undefined ? undefined : cut(indentJson(recorded)),
    metadataProblem: metadata.problem,
    events,
    eventsTotal: total,
    raw: source.raw(row),
    source: metadata.source,
    error: cutText(error),
    redacted: isNothing(metadata.redacted) ? undefined : cut(asText(metadata.redacted)).text,
    failure: failureOf(view, node),
    cause,
    causes: causedBy(view, node, metadata),
    call: callOf(view, node),
    calls: view.callsAround(node),
    since: earlier?.since,
    // Of a prompt that holds only what was new, the parts are not those of the context.
    context:
      span.kind === 'llm' && !onlyNew
        ? contextParts(request, span.usage, earlier?.known, earlier?.since.tokens)
        : undefined,
    documents: readDocuments(metadata.fields),
    contentSetting: source.contentSetting?.(row),
    ownPrices: ownPrices(source.prices ?? [], [node.span, cause?.span]),
  };
}

function ownPrices(
  table: readonly Price[],
  spans: readonly (Pick<Span, 'model' | 'start'> | undefined)[],
): readonly Price[] {
  return spans.flatMap(span => {
    const price = span?.model ? priceOf(span.model, span.start, table) : undefined;
    return price?.source === 'user' ? [price] : [];
  });
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;
const cutText = (text: string | undefined): Cut | undefined =>
  text === undefined ? undefined : cut(text);

function failureOf(view: RunView, node: Node): SpanDetail['failure'] {
  const index = view.failures.indexOf(node);
  return index < 0 ? undefined : { index: index + 1, count: view.failures.length };
}

function callOf(view: RunView, node: Node): SpanDetail['call'] {
  if (node.span.kind !== 'llm') return undefined;
  const call = view.callOf(node);
  return call && { index: call.index + 1, count: call.count };
}

function causeOfFailed(view: RunView, node: Node, metadata: Metadata): SpanDetail['cause'] {
  const cause = view.causeOf(node);
  const asking = cause && view.tree.nodes.get(cause.spanId);
  if (!cause || !asking) return undefined;
  const asked = readMetadata(view.source.metadata(stored(asking.span).row));
  return {
    span: view.rowOf(asking),
    call: callOf(view, asking),
    rule: cause.rule,
    onlyNewMessages: asked.onlyNewMessages,
    view: causeView(node.span, metadata, asked),
  };
}

/** The calls of a run are of one recorder: the first one tells of all. */
function firstHoldsOnlyNew(view: RunView): boolean {
  const [first] = view.callsByEnd;
  if (!first) return false;
  return readMetadata(view.source.metadata(stored(first.span).row)).onlyNewMessages;
}

/** The failures that a span's answer led to. */
function causedBy(view: RunView, node: Node, metadata: Metadata): SpanDetail['causes'] {
  if (node.span.kind !== 'llm') return [];
  const answered = new Set(toolUses(metadata.response).map(use => use.id));
  return view.failures.slice(0, askedFailures).flatMap(failure => {
    // Looking for an id in every answer of the run is dear, so it is done only where this span may be it.
    const possible = answered.size > 0 || causeOf(failure)?.spanId === node.span.spanId;
    const cause = possible ? view.causeOf(failure) : undefined;
    if (cause?.spanId !== node.span.spanId) return [];
    const { spanId, name, toolName } = failure.span;
    const toolUseId = recordedToolUseId(view.source, stored(failure.span).row);
    return [{ spanId, name, toolName, toolUseId, rule: cause.rule }];
  });
}

/** Why the model stopped: the Messages API's word, or chat completions'. */
function stopReason({ response, finishReason }: Metadata): string | undefined {
  const fields = fieldsOf(response);
  const [choice] = Array.isArray(fields.choices) ? fields.choices : [];
  const reason = fields.stop_reason ?? fieldsOf(choice).finish_reason ?? finishReason;
  return typeof reason === 'string' && reason !== '' ? reason.slice(0, 200) : undefined;
}
