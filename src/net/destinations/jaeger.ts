import type { Destination } from './destination.ts';

/**
 * https://www.jaegertracing.io/docs/latest/architecture/apis/ (write APIs: HTTP on port 4318, `/v1/traces`), without a
 * key.
 */
export const jaeger: Destination = {
  id: 'jaeger',
  label: 'Jaeger',
  variables: [],
  url: () => 'http://localhost:4318/v1/traces',
  headers: () => ({}),
  encoding: 'protobuf',
  gzip: true,
};
