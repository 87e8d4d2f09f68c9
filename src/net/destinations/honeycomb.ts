import { type Destination, plain, secret, tracesBelow } from './destination.ts';

/**
 * https://docs.honeycomb.io/send-data/opentelemetry/: in the EU the host is api.eu1.honeycomb.io. The dataset is
 * `service.name`; only Classic, which its keys tell (otlp/common.go of honeycombio/husky), has it in a header. The
 * variables are those of Honeycomb's own distributions of OpenTelemetry (src/honeycomb-options.ts of
 * honeycombio/honeycomb-opentelemetry-node).
 */
export const honeycomb: Destination = {
  id: 'honeycomb',
  label: 'Honeycomb',
  variables: [
    secret('HONEYCOMB_API_KEY'),
    plain('HONEYCOMB_API_ENDPOINT'),
    plain('HONEYCOMB_DATASET'),
  ],
  url: values => tracesBelow(values.HONEYCOMB_API_ENDPOINT || 'https://api.honeycomb.io'),
  headers: ({ HONEYCOMB_API_KEY: key = '', HONEYCOMB_DATASET: dataset }) => ({
    'x-honeycomb-team': key,
    ...(dataset && isClassic(key) && { 'x-honeycomb-dataset': dataset }),
  }),
  encoding: 'protobuf',
  gzip: true,
};

const isClassic = (key: string): boolean => /^(?:[0-9a-f]{32}|hc[a-z]ic_[0-9a-z]{58})$/.test(key);
