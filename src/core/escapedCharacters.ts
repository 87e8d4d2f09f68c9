/**
 * Characters of secrets that JSON need not escape but may, also in JSON within JSON; not those that it must.
 * Without them a text means the same once it is read as JSON.
 */
export function unescaped(text: string): string {
  if (!text.includes('\\u00')) return text;
  return text.replace(/\\{1,8}u00([2-7][0-9a-f])/gi, (all: string, code: string) => {
    const character = String.fromCharCode(Number.parseInt(code, 16));
    return /[\w@.:=+/-]/.test(character) ? character : all;
  });
}
