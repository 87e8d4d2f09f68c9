import { type Destination, secret } from './destination.ts';

/**
 * https://docs.honeycomb.io/send-data/opentelemetry/: in the EU the host is api.eu1.honeycomb.io. The dataset is
 * `service.name`.
 */
export const honeycomb: Destination = {
  id: 'honeycomb',
  label: 'Honeycomb',
  variables: [secret('HONEYCOMB_API_KEY')],
  url: () => 'https://api.honeycomb.io/v1/traces',
  headers: values => ({ 'x-honeycomb-team': values.HONEYCOMB_API_KEY ?? '' }),
  encoding: 'protobuf',
  gzip: true,
};
