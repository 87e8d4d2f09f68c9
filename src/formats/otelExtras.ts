import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { otlpOf, plainOf } from './exactJson.ts';
import { isMap, type OtlpAttribute, type OtlpLink, type OtlpScope, type OtlpSpan } from './otlp.ts';

/** What OTLP says of a span and a trace file has no column for: the field `otel` of the metadata. */
export interface OtelExtras {
  readonly kind: number | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly statusCode: number | undefined;
  readonly links: readonly OtlpLink[];
  readonly scope: OtlpScope | undefined;
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** Undefined where there is nothing to keep. */
export function extrasOf(span: OtlpSpan, scope: OtlpScope): Fields | undefined {
  const fields: Record<string, unknown> = {};
  if (span.kind > 1) fields.kind = kinds[span.kind] ?? span.kind;
  if (span.traceState !== '') fields.trace_state = span.traceState;
  if (span.flags !== 0) fields.flags = span.flags;
  if (span.status.code === 1) fields.status = 'ok';
  if (span.links.length > 0) fields.links = span.links.map(linkFields);
  if (scope.name !== '') fields.scope = scopeFields(scope);
  if (span.droppedAttributesCount > 0) fields.dropped_attributes = span.droppedAttributesCount;
  if (span.droppedEventsCount > 0) fields.dropped_events = span.droppedEventsCount;
  if (span.droppedLinksCount > 0) fields.dropped_links = span.droppedLinksCount;
  for (const _ in fields) return fields;
  return undefined;
}

const linkFields = (link: OtlpLink): Fields => ({
  trace_id: link.traceId,
  span_id: link.spanId,
  ...(link.traceState !== '' && { trace_state: link.traceState }),
  ...(link.flags !== 0 && { flags: link.flags }),
  ...attributeFields(link.attributes),
});

const scopeFields = (scope: OtlpScope): Fields => ({
  name: scope.name,
  ...(scope.version !== '' && { version: scope.version }),
  ...attributeFields(scope.attributes),
});

const attributeFields = (attributes: readonly OtlpAttribute[]): Fields =>
  attributes.length === 0 ? {} : { attributes: plainOf({ entries: attributes }) };

/** What was kept, read again. Whatever stands there: a file may hold anything. */
export function readExtras(value: unknown): OtelExtras {
  const fields = fieldsOf(value);
  const kind = kinds.indexOf(fields.kind as (typeof kinds)[number]);
  const scope = fieldsOf(fields.scope);
  const scopeName = textOf(scope.name);
  return {
    kind: kind > 0 ? kind : undefined,
    traceState: textOf(fields.trace_state) ?? '',
    flags: count(fields.flags),
    statusCode: fields.status === 'ok' ? 1 : undefined,
    links: Array.isArray(fields.links) ? fields.links.flatMap(linkOf) : [],
    scope:
      scopeName === undefined
        ? undefined
        : {
            name: scopeName,
            version: textOf(scope.version) ?? '',
            attributes: attributesOf(scope.attributes),
            droppedAttributesCount: 0,
          },
  };
}

function linkOf(value: unknown): readonly OtlpLink[] {
  const fields = fieldsOf(value);
  const [traceId, spanId] = [textOf(fields.trace_id) ?? '', textOf(fields.span_id) ?? ''];
  if (!/^[0-9a-f]{32}$/.test(traceId) || !/^[0-9a-f]{16}$/.test(spanId)) return [];
  const attributes = attributesOf(fields.attributes);
  const traceState = textOf(fields.trace_state) ?? '';
  const flags = count(fields.flags);
  return [{ traceId, spanId, traceState, attributes, droppedAttributesCount: 0, flags }];
}

function attributesOf(value: unknown): readonly OtlpAttribute[] {
  const map = otlpOf(fieldsOf(value));
  return typeof map === 'object' && !(map instanceof Uint8Array) && isMap(map) ? map.entries : [];
}

const count = (value: unknown): number =>
  typeof value === 'number' && value > 0 && value < 2 ** 32 ? Math.floor(value) : 0;
