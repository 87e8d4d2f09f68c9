/**
 * Who and what ran: fields of the metadata of a run's outermost span, which the tracer writes and nobody
 * fills in where it is not known. All of them pass the redaction, and are kept in the mode `metadata`.
 */
export interface AuditFields {
  /** Who or what the agent worked for, as the program names it: an account, a service. */
  readonly user_id?: string;
  /** The session that the run belongs to. */
  readonly session_id?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly git?: AuditGit;
  readonly versions?: AuditVersions;
  /** Only where the program allows it: the name of a machine may be the name of a person. */
  readonly host?: AuditHost;
  /** The table of prices that costs rest on: `priceTableVersion`. */
  readonly price_version?: string;
}

/** What was checked out when the run started. */
export interface AuditGit {
  readonly commit: string;
  readonly branch?: string;
  /** Whether files differed from the commit. */
  readonly dirty?: boolean;
}

/** By name: `tracer`, `node`, `app`, and the packages the program names (`@anthropic-ai/sdk`). */
export type AuditVersions = Readonly<Record<string, string>>;

export interface AuditHost {
  readonly name: string;
  /** `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly pid: number;
}

/** The names of the fields, for whoever writes or reads them. */
export const auditKeys = [
  'user_id',
  'session_id',
  'tags',
  'git',
  'versions',
  'host',
  'price_version',
] as const satisfies readonly (keyof AuditFields)[];
