import { weaveAttributes } from '../../formats/weaveAttributes.ts';
import { below, type Destination, plain, secret } from './destination.ts';

/**
 * https://docs.wandb.ai/weave/guides/tracking/otel: the key in a header, team and project in the resource; it takes
 * protobuf only, and whether compressed is not documented. Its view of agents has an address of its own:
 * https://docs.wandb.ai/weave/guides/tracking/trace-agents-otel. The server is found as weave/trace/env.py of wandb/weave
 * does it: one's own instance has it below /traces.
 */
export const weave: Destination = {
  id: 'weave',
  label: 'W&B Weave',
  variables: [
    secret('WANDB_API_KEY'),
    plain('WANDB_ENTITY', true),
    plain('WANDB_PROJECT', true),
    plain('WANDB_BASE_URL'),
    plain('WF_TRACE_SERVER_URL'),
  ],
  url: values =>
    below(serverOf(values.WF_TRACE_SERVER_URL, values.WANDB_BASE_URL), '/otel/v1/traces'),
  headers: values => ({ 'wandb-api-key': values.WANDB_API_KEY ?? '' }),
  resource: values => ({
    'wandb.entity': values.WANDB_ENTITY ?? '',
    'wandb.project': values.WANDB_PROJECT ?? '',
  }),
  encoding: 'protobuf',
  gzip: false,
  attributes: weaveAttributes,
};

function serverOf(server: string | undefined, base: string | undefined): string {
  if (server) return server;
  // These three are of the cloud that all share.
  const isShared = !base || /^https:\/\/(?:(?:api|trace)\.)?wandb\.ai\/?$/.test(base);
  return isShared ? 'https://trace.wandb.ai' : below(base, '/traces');
}
