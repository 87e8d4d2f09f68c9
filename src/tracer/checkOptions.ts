import { fieldsOf } from '../core/fields.ts';
import type { RedactionLimits, RedactionOptions } from '../core/redactionOptions.ts';
import type { Log, TracerOptions } from './options.ts';

const known = {
  file: true,
  backend: true,
  enabled: true,
  sessionId: true,
  user: true,
  tags: true,
  source: true,
  git: true,
  versions: true,
  host: true,
  redaction: true,
  redact: true,
  prices: true,
  log: true,
  signals: true,
  exitMs: true,
} satisfies Record<keyof TracerOptions, true>;
const ofRedaction = {
  mode: true,
  patterns: true,
  paths: true,
  functions: true,
  limits: true,
  failed: true,
} satisfies Record<keyof RedactionOptions, true>;
const ofLimits = {
  value: true,
  span: true,
  depth: true,
  values: true,
} satisfies Record<keyof RedactionLimits, true>;

/** Says what nobody will look at: a program without types, or with a name in its own words, gets no other sign. */
export function checkOptions(options: TracerOptions, log: Log): void {
  const redaction = fieldsOf(options.redaction);
  sayUnknown('', options, known, log);
  sayUnknown('redaction.', redaction, ofRedaction, log);
  sayUnknown('redaction.limits.', fieldsOf(redaction.limits), ofLimits, log);
  if (options.file === '') log.error('the option file is empty: agent_traces.db is written');
}

function sayUnknown(above: string, given: object, names: object, log: Log): void {
  const unknown = Object.keys(given).filter(key => !Object.hasOwn(names, key));
  if (unknown.length === 0) return;
  const said = unknown.slice(0, 10).map(key => above + key);
  const all = Object.keys(names).sort().join(', ');
  log.error(
    `not an option: ${said.join(', ')}. ${above === '' ? 'There are' : `In ${above.slice(0, -1)} there are`} ${all}`,
  );
}
