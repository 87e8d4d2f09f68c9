import { basic, type Destination, headersIn, plain, secret, tracesBelow } from './destination.ts';

/**
 * Port 4318 of https://grafana.com/docs/tempo/latest/api_docs/, or Grafana Cloud
 * (https://grafana.com/docs/grafana-cloud/send-data/otlp/send-data-otlp/): Basic with the id of the instance and a token,
 * below the address of one's own gateway, which ends with /otlp. Its pages give both as OTEL_EXPORTER_OTLP_ENDPOINT and
 * OTEL_EXPORTER_OTLP_HEADERS; these count where the address is Grafana's. The GRAFANA_ names are ours: it documents none.
 * Tempo cuts attributes at 2048 bytes unless it is told otherwise (max_attribute_bytes,
 * https://grafana.com/docs/tempo/latest/troubleshooting/out-of-memory-errors/).
 */
export const tempo: Destination = {
  id: 'tempo',
  label: 'Grafana Tempo',
  variables: [
    secret('GRAFANA_OTLP_TOKEN', false),
    plain('GRAFANA_INSTANCE_ID'),
    plain('GRAFANA_OTLP_ENDPOINT'),
    plain('OTEL_EXPORTER_OTLP_ENDPOINT'),
    secret('OTEL_EXPORTER_OTLP_HEADERS', false),
  ],
  url: values =>
    tracesBelow(
      values.GRAFANA_OTLP_ENDPOINT || grafanasOwn(values.OTEL_EXPORTER_OTLP_ENDPOINT) || local,
    ),
  headers: values => {
    const {
      GRAFANA_OTLP_ENDPOINT: own,
      GRAFANA_INSTANCE_ID: id,
      GRAFANA_OTLP_TOKEN: token,
    } = values;
    if (id && token) return { Authorization: basic(id, token) };
    const named = !own && grafanasOwn(values.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
    return named ? headersIn(values.OTEL_EXPORTER_OTLP_HEADERS ?? '') : {};
  },
  encoding: 'protobuf',
  gzip: true,
};

const local = 'http://localhost:4318';

/** The variables are those of all exporters: what they say of another engine is not meant here. */
const grafanasOwn = (address: string | undefined): string | undefined =>
  address && /^https:\/\/[\w.-]+\.grafana\.net(?:[:/]|$)/.test(address) ? address : undefined;
