import os from 'node:os';
import process from 'node:process';

declare const TRACER_VERSION: string;

/** What the program runs on. The tracer's own version is put in by the build. */
export const programVersions: Readonly<Record<string, string>> = {
  ...(typeof TRACER_VERSION === 'string' && { tracer: TRACER_VERSION }),
  node: process.versions.node,
};

/** The machine that the program runs on; its name may be that of a person. */
export const programHost = (): { name: string; platform: string; pid: number } => ({
  name: os.hostname(),
  platform: process.platform,
  pid: process.pid,
});
