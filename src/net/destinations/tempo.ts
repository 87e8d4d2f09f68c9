import { basic, below, type Destination, plain, secret } from './destination.ts';

/**
 * https://grafana.com/docs/tempo/latest/api_docs/ (port 4318) and, with an instance and a token,
 * https://grafana.com/docs/grafana-cloud/send-data/otlp/: Basic, below the address of one's own gateway, which ends
 * with /otlp. Tempo cuts attributes at 2048 bytes unless it is told otherwise.
 */
export const tempo: Destination = {
  id: 'tempo',
  label: 'Grafana Tempo',
  variables: [
    secret('GRAFANA_OTLP_TOKEN', false),
    plain('GRAFANA_INSTANCE_ID'),
    plain('GRAFANA_OTLP_ENDPOINT'),
  ],
  url: values => below(values.GRAFANA_OTLP_ENDPOINT || 'http://localhost:4318', '/v1/traces'),
  headers: ({
    GRAFANA_INSTANCE_ID: id,
    GRAFANA_OTLP_TOKEN: token,
  }): Readonly<Record<string, string>> => (id && token ? { Authorization: basic(id, token) } : {}),
  encoding: 'protobuf',
  gzip: true,
};
