import { EventEmitter } from './vscodeStandIn.ts';

/** Files in which nothing stands out. */
export const noInsights = {
  onDidChange: new EventEmitter<string>().event as never,
  ofRun: () => [],
};
