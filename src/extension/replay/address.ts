import { anthropicUrl, apiUrl } from '../../net/apiAddress.ts';
import type { Replayer } from '../platform.ts';
import { readSetting } from '../settings.ts';

/**
 * Where requests are sent: the setting, which no workspace can set; else what the environment says.
 *
 * @throws TraceError where that is no address
 */
export function apiAddress({ env }: Pick<Replayer, 'env'>): URL {
  const own = readSetting('agentTraces.replay.baseUrl').trim();
  return apiUrl(own || env.ANTHROPIC_BASE_URL?.trim() || anthropicUrl);
}
