import { langfuseAttributes } from '../../formats/langfuseAttributes.ts';
import { basic, below, type Destination, plain, secret } from './destination.ts';

/**
 * https://langfuse.com/integrations/native/opentelemetry: Basic with the public and the secret key. The host is that of
 * the EU; in the US, in Japan and for HIPAA it is us., jp. and hipaa.cloud.langfuse.com. Without the version in the header, what was sent shows up minutes later.
 */
export const langfuse: Destination = {
  id: 'langfuse',
  label: 'Langfuse',
  variables: [
    secret('LANGFUSE_PUBLIC_KEY'),
    secret('LANGFUSE_SECRET_KEY'),
    plain('LANGFUSE_BASE_URL'),
  ],
  url: values =>
    below(values.LANGFUSE_BASE_URL || 'https://cloud.langfuse.com', '/api/public/otel/v1/traces'),
  headers: values => ({
    Authorization: basic(values.LANGFUSE_PUBLIC_KEY ?? '', values.LANGFUSE_SECRET_KEY ?? ''),
    'x-langfuse-ingestion-version': '4',
  }),
  encoding: 'protobuf',
  gzip: true,
  attributes: langfuseAttributes,
};
