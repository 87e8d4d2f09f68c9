import { openInferenceAttributes } from '../../formats/openInferenceAttributes.ts';
import { type Destination, plain, secret } from './destination.ts';

/**
 * https://docs.wandb.ai/weave/guides/tracking/otel: the key in a header, team and project in the resource; it takes
 * protobuf only, and reads the GenAI and the OpenInference names. Its view of agents has an address of its own:
 * https://docs.wandb.ai/weave/guides/tracking/trace-agents-otel.
 */
export const weave: Destination = {
  id: 'weave',
  label: 'W&B Weave',
  variables: [secret('WANDB_API_KEY'), plain('WANDB_ENTITY', true), plain('WANDB_PROJECT', true)],
  url: () => 'https://trace.wandb.ai/otel/v1/traces',
  headers: values => ({ 'wandb-api-key': values.WANDB_API_KEY ?? '' }),
  resource: values => ({
    'wandb.entity': values.WANDB_ENTITY ?? '',
    'wandb.project': values.WANDB_PROJECT ?? '',
  }),
  encoding: 'protobuf',
  gzip: false,
  attributes: openInferenceAttributes,
};
