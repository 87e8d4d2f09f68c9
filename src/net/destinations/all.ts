import { datadog, datadogAgent } from './datadog.ts';
import type { Destination } from './destination.ts';
import { helicone } from './helicone.ts';
import { honeycomb } from './honeycomb.ts';
import { jaeger } from './jaeger.ts';
import { langfuse } from './langfuse.ts';
import { phoenix } from './phoenix.ts';
import { tempo } from './tempo.ts';
import { weave } from './weave.ts';

/** All that are known by name, in the order in which they are offered. */
export const destinations: readonly Destination[] = [
  jaeger,
  honeycomb,
  datadogAgent,
  datadog,
  langfuse,
  weave,
  phoenix,
  tempo,
  helicone,
];
