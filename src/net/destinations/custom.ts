import { type Destination, secret } from './destination.ts';

/**
 * Any other address. Headers as all exporters of OpenTelemetry take them
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/): `name=value,name=value`, percent-encoded.
 */
export const custom = (url: string, encoding: 'protobuf' | 'json' = 'protobuf'): Destination => ({
  id: 'custom',
  label: new URL(url).host,
  variables: [secret('OTEL_EXPORTER_OTLP_HEADERS', false)],
  url: () => url,
  headers: values =>
    headersIn(values.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? values.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
  encoding,
  gzip: true,
});

function headersIn(text: string): Readonly<Record<string, string>> {
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
