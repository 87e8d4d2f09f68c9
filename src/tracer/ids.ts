const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/**
 * A maker of ids in the form of a UUID version 7 (RFC 9562): the time first, so that the index of a table
 * grows at its end, then what is random in this program, then a count. Making a random one for each span
 * would cost more than the rest of it.
 */
export function idMaker(
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(8)),
): (now: number) => string {
  const own = hex(random);
  const middle = `-7${own.slice(0, 3)}-${'89ab'[(random[7] ?? 0) & 3]}${own.slice(3, 6)}-${own.slice(6, 12)}`;
  let count = 0;
  let at = Number.NaN;
  let prefix = '';
  return now => {
    const ms = Math.floor(now);
    if (ms !== at) {
      at = ms;
      const time = ms.toString(16).padStart(12, '0');
      prefix = `${time.slice(0, 8)}-${time.slice(8)}${middle}`;
    }
    count = (count + 1) & 0xffffff;
    return prefix + (0x1000000 + count).toString(16).slice(1);
  };
}
