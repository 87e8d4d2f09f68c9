import { type Destination, secret } from './destination.ts';

/**
 * https://docs.helicone.ai/rest/trace/post-v1tracelog: OTLP in JSON, in which every field has to stand. Its sessions
 * of live calls are the headers Helicone-Session-Id, -Path and -Name, which a client of one's own sends.
 */
export const helicone: Destination = {
  id: 'helicone',
  label: 'Helicone',
  variables: [secret('HELICONE_API_KEY')],
  url: () => 'https://api.helicone.ai/v1/trace/log',
  headers: values => ({ Authorization: `Bearer ${values.HELICONE_API_KEY ?? ''}` }),
  encoding: 'json',
  gzip: false,
  explicit: true,
};
