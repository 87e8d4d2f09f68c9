import { openInferenceAttributes } from '../../formats/openInferenceAttributes.ts';
import { below, type Destination, plain, secret } from './destination.ts';

/**
 * https://arize.com/docs/phoenix: OTLP over HTTP beside its pages on port 6006, in protobuf; the project is an
 * attribute of the resource. On one's own machine it needs no key.
 */
export const phoenix: Destination = {
  id: 'phoenix',
  label: 'Arize Phoenix',
  variables: [
    secret('PHOENIX_API_KEY', false),
    plain('PHOENIX_COLLECTOR_ENDPOINT'),
    plain('PHOENIX_PROJECT_NAME'),
  ],
  url: values => {
    const base = values.PHOENIX_COLLECTOR_ENDPOINT || 'http://localhost:6006';
    return /\/v1\/traces\/?$/.test(base) ? base : below(base, '/v1/traces');
  },
  headers: ({ PHOENIX_API_KEY: key }): Readonly<Record<string, string>> =>
    key ? { Authorization: `Bearer ${key}` } : {},
  resource: ({ PHOENIX_PROJECT_NAME: name }): Readonly<Record<string, string>> =>
    name ? { 'openinference.project.name': name } : {},
  encoding: 'protobuf',
  gzip: true,
  attributes: openInferenceAttributes,
};
