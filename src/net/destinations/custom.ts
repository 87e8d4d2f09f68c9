import { type Destination, headersIn, secret } from './destination.ts';

/** Any other address. Headers for traces alone go before those for all, as with exporters of OpenTelemetry. */
export const custom = (url: string, encoding: 'protobuf' | 'json' = 'protobuf'): Destination => ({
  id: 'custom',
  label: new URL(url).host,
  variables: [
    secret('OTEL_EXPORTER_OTLP_HEADERS', false),
    secret('OTEL_EXPORTER_OTLP_TRACES_HEADERS', false),
  ],
  url: () => url,
  headers: values =>
    headersIn(values.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? values.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
  encoding,
  gzip: true,
});
