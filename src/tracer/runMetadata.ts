import type { AuditFields } from '../core/audit.ts';
import { priceTableVersion } from '../core/priceTable.ts';
import type { GitState } from '../node/gitState.ts';
import { programHost, programVersions } from '../node/programFacts.ts';
import { copied } from './guards.ts';
import type { RunOptions, TracerOptions } from './options.ts';

/** What a run keeps beside its own metadata; a sub-agent has no tracer's options, its run has them. */
export function runMetadata(
  input: unknown,
  options: RunOptions,
  tracer: TracerOptions | undefined,
): Record<string, unknown> {
  return {
    kind: 'agent',
    ...(input !== undefined && { input }),
    ...runFields(options, tracer),
    ...copied(options.metadata),
  };
}

/** Who and what ran. */
export function runFields(
  options: Pick<RunOptions, 'sessionId' | 'user' | 'tags'>,
  tracer: TracerOptions | undefined,
): Record<string, unknown> {
  const sessionId = options.sessionId ?? tracer?.sessionId;
  const user = options.user ?? tracer?.user;
  const audit = tracer && (audits.get(tracer) ?? newAudit(tracer));
  const tags =
    tracer?.tags || options.tags ? { ...copied(tracer?.tags), ...copied(options.tags) } : undefined;
  return {
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(user !== undefined && { user_id: user }),
    ...(tags && { tags }),
    ...audit,
  };
}

type Audit = Pick<AuditFields, 'versions' | 'host' | 'price_version'>;
/** The same for all runs of a tracer. */
const audits = new WeakMap<TracerOptions, Audit>();

function newAudit(tracer: TracerOptions): Audit {
  const audit: Audit = {
    versions: { ...programVersions, ...tracer.versions },
    ...(tracer.host && { host: programHost() }),
    price_version: tracer.prices ? `${priceTableVersion} and own` : priceTableVersion,
  };
  audits.set(tracer, audit);
  return audit;
}

export const gitFields = (git: GitState): Record<string, unknown> => ({
  commit: git.commit,
  dirty: git.dirty,
  ...(git.branch !== undefined && { branch: git.branch }),
});
