import fs from 'node:fs';

/** Kilobytes that a process had at most; undefined where the system does not tell. */
export function peakOf(pid: number | undefined): number | undefined {
  const status = `/proc/${pid}/status`;
  if (!fs.existsSync(status)) return undefined;
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(status, 'utf8')) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
