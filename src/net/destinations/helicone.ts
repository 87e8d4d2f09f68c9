import { heliconeAttributes, heliconeJson, isHeliconeCall } from '../../formats/heliconeTraces.ts';
import { type Destination, secret } from './destination.ts';

/**
 * https://docs.helicone.ai/rest/trace/post-v1tracelog: calls of models in JSON. In the EU the host is eu.api.helicone.ai,
 * which Helicone's own logger knows by the key (sdk/typescript/async/async_logger/HeliconeAsyncLogger.ts of
 * Helicone/helicone). Its sessions of live calls are the headers Helicone-Session-Id, -Path and -Name, which a client of
 * one's own sends.
 */
export const helicone: Destination = {
  id: 'helicone',
  label: 'Helicone',
  variables: [secret('HELICONE_API_KEY')],
  url: ({ HELICONE_API_KEY: key = '' }) =>
    `https://${/^[ps]k-helicone-eu-/.test(key) ? 'eu.' : ''}api.helicone.ai/v1/trace/log`,
  headers: values => ({ Authorization: `Bearer ${values.HELICONE_API_KEY ?? ''}` }),
  encoding: 'json',
  gzip: false,
  attributes: heliconeAttributes,
  takes: isHeliconeCall,
  json: heliconeJson,
};
