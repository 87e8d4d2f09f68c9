import { openInferenceAttributes } from '../../formats/openInferenceAttributes.ts';
import { type Destination, headersIn, plain, secret, tracesBelow } from './destination.ts';

/**
 * https://arize.com/docs/phoenix: OTLP over HTTP beside its pages on port 6006, in protobuf. Variables and header are
 * those of its own library (packages/phoenix-otel/src/phoenix/otel/settings.py of Arize-ai/phoenix), where
 * PHOENIX_PROJECT goes before PHOENIX_PROJECT_NAME, and spaces of its cloud that take another header than `authorization`
 * have it in PHOENIX_CLIENT_HEADERS. On one's own machine it needs no key.
 */
export const phoenix: Destination = {
  id: 'phoenix',
  label: 'Arize Phoenix',
  variables: [
    secret('PHOENIX_API_KEY', false),
    secret('PHOENIX_CLIENT_HEADERS', false),
    plain('PHOENIX_COLLECTOR_ENDPOINT'),
    plain('PHOENIX_PROJECT'),
    plain('PHOENIX_PROJECT_NAME'),
  ],
  url: values => tracesBelow(values.PHOENIX_COLLECTOR_ENDPOINT || 'http://localhost:6006'),
  headers: ({ PHOENIX_API_KEY: key, PHOENIX_CLIENT_HEADERS: more }) => ({
    ...headersIn(more ?? ''),
    ...(key && { Authorization: `Bearer ${key}` }),
  }),
  resource: ({ PHOENIX_PROJECT: project, PHOENIX_PROJECT_NAME: alias }) => {
    const name = project || alias;
    const named: Readonly<Record<string, string>> = name
      ? { 'openinference.project.name': name }
      : {};
    return named;
  },
  encoding: 'protobuf',
  gzip: true,
  attributes: openInferenceAttributes,
};
