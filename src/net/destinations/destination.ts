import { toBase64 } from '../../formats/base64.ts';
import type { ExportedSpan } from '../../formats/exportedSpan.ts';
import type { OtlpAttribute, OtlpSpan, OtlpTraces } from '../../formats/otlp.ts';
import type { EncodedText } from '../../formats/otlpJsonWriter.ts';

/** Values by the names of environment variables; the extension has them in its secret storage. */
export type Values = Readonly<Record<string, string | undefined>>;

/** Where traces go, and in which form it takes them. One file for each, by its published documentation. */
export interface Destination {
  readonly id: string;
  /** As it calls itself. */
  readonly label: string;
  /** What it needs to know; without the required ones nothing is sent. */
  readonly variables: readonly Variable[];
  /** The whole address; where a user gives another one, that is taken. */
  url(values: Values): string;
  headers(values: Values): Readonly<Record<string, string>>;
  readonly encoding: 'protobuf' | 'json';
  /** Only where it takes compressed bodies. */
  readonly gzip: boolean;
  /** In place of OTLP's own JSON, where it takes less than that. */
  readonly json?: (traces: OtlpTraces) => EncodedText;
  /** Undefined: all of them. */
  readonly takes?: (span: OtlpSpan) => boolean;
  /** Besides those of the conventions. */
  attributes?(span: ExportedSpan): readonly OtlpAttribute[];
  /** Attributes of the resource. */
  resource?(values: Values): Readonly<Record<string, string>>;
}

export interface Variable {
  readonly name: string;
  readonly required: boolean;
  /** A key: it is asked for behind dots, and is in no message. */
  readonly secret: boolean;
}

export const secret = (name: string, required = true): Variable => ({
  name,
  required,
  secret: true,
});
export const plain = (name: string, required = false): Variable => ({
  name,
  required,
  secret: false,
});

/** An address without what a user may have typed behind it, and with the path. */
export const below = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`;

export const basic = (user: string, password: string): string =>
  `Basic ${toBase64(new TextEncoder().encode(`${user}:${password}`))}`;

/** The address for traces below that of a server; many have it in full already. */
export const tracesBelow = (base: string): string =>
  /\/v1\/traces\/?$/.test(base) ? base : below(base, '/v1/traces');

/**
 * Headers as all exporters of OpenTelemetry take them
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/): `name=value,name=value`, percent-encoded.
 */
export function headersIn(text: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    if (at > 0) headers[pair.slice(0, at).trim()] = decoded(pair.slice(at + 1).trim());
  }
  return headers;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that is one.
    return text;
  }
}
