import { type Destination, plain, secret } from './destination.ts';

/** https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest_in_the_agent/: the agent on this machine has the key. */
export const datadogAgent: Destination = {
  id: 'datadog-agent',
  label: 'Datadog Agent',
  variables: [],
  url: () => 'http://localhost:4318/v1/traces',
  headers: () => ({}),
  encoding: 'protobuf',
  gzip: true,
};

/**
 * https://docs.datadoghq.com/llm_observability/instrumentation/otel_instrumentation: spans by the GenAI conventions from
 * 1.37 on, sent to the OTLP intake of one's site with `dd-otlp-source: llmobs`, which asks for protobuf; the intake's own
 * page (https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest/traces/) takes JSON as well.
 */
export const datadog: Destination = {
  id: 'datadog',
  label: 'Datadog',
  variables: [secret('DD_API_KEY'), plain('DD_SITE')],
  url: values => `https://otlp.${values.DD_SITE || 'datadoghq.com'}/v1/traces`,
  headers: values => ({ 'dd-api-key': values.DD_API_KEY ?? '', 'dd-otlp-source': 'llmobs' }),
  encoding: 'protobuf',
  gzip: true,
};
