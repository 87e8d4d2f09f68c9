/** Milliseconds since 1970 of a recorded time; a text without a zone is in UTC. Undefined where it is no time. */
export function timeOf(value: unknown): number | undefined {
  const time =
    typeof value === 'number'
      ? value
      : typeof value === 'string'
        ? Date.parse(hasZone.test(value) ? value : `${value.trim().replace(' ', 'T')}Z`)
        : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

const hasZone = /(?:Z|[+-]\d\d:?\d\d)\s*$|^\d{4}(?:-\d\d(?:-\d\d)?)?$/i;
