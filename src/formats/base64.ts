const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Int8Array(128).fill(-1);
for (let at = 0; at < 64; at++) values[letters.charCodeAt(at)] = at;
// Of the alphabet for addresses, which some senders use.
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const all = (a << 16) | (b << 8) | c;
    text += letters.charAt(all >> 18) + letters.charAt((all >> 12) & 63);
    text += at + 1 < bytes.length ? letters.charAt((all >> 6) & 63) : '=';
    text += at + 2 < bytes.length ? letters.charAt(all & 63) : '=';
  }
  return text;
}

/** Undefined where it is no base64. The signs at the end may be missing. */
export function fromBase64(text: string): Uint8Array | undefined {
  const length = text.endsWith('==') ? text.length - 2 : text.length - Number(text.endsWith('='));
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let at = 0; at < length; at++) {
    const value = values[text.charCodeAt(at)] ?? -1;
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[to++] = (held >> bits) & 255;
    }
  }
  return bytes;
}
