import type { KeptReplays } from '../../../src/extension/replay/kept.ts';
import { EventEmitter } from './vscodeStandIn.ts';

/** Nothing was replayed. */
export const noReplays = {
  onDidChange: new EventEmitter<void>().event,
  load: async () => undefined,
  of: () => [],
  at: () => undefined,
  count: () => 0,
} as unknown as KeptReplays & { count(): number };
