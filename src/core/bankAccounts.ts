/** How many characters an IBAN has, by country. */
const lengths = new Map(
  (
    'NO15 BE16 DK18 FI18 FO18 GL18 NL18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 MN20 CH21 HR21 LI21 LV21 ' +
    'BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 AD24 CZ24 ES24 MD24 PK24 ' +
    'RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 ' +
    'CY28 DO28 GT28 HN28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 YE30 FK18 MT31 SC31 LC32 RU33'
  )
    .split(' ')
    .map(entry => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/**
 * Where the number of a bank account ends that starts here, with spaces between its groups or without: by its length
 * and its check digits.
 */
export function ibanEnd(text: string, start: number): number | undefined {
  const length = lengths.get(text.slice(start, start + 2));
  if (length === undefined) return undefined;
  let iban = '';
  let at = start;
  for (; at < text.length && iban.length < length; at++) {
    const character = text.charAt(at);
    if (/[A-Z0-9]/.test(character)) iban += character;
    // Spaces stand alone.
    else if (!/[ \u00a0-]/.test(character) || !/[A-Z0-9]/.test(text.charAt(at + 1)))
      return undefined;
  }
  const isWhole = iban.length === length && !/[A-Za-z0-9]/.test(text.charAt(at));
  return isWhole && isChecked(iban) ? at : undefined;
}

/** Whether the number that it stands for leaves 1 when divided by 97: letters are 10 to 35, the head comes last. */
function isChecked(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
