import { ibanEnd } from './bankAccounts.ts';

/** What kinds of secrets and personal data are found by their look. */
export type SecretName =
  | 'header'
  | 'private-key'
  | 'jwt'
  | 'api-key'
  | 'bearer-token'
  | 'password'
  | 'email'
  | 'card'
  | 'iban'
  | 'ssn'
  | 'phone';

/** Takes one kind of secret out of a text; tells `found` of each. */
export type SecretPattern = (text: string, found: (name: SecretName) => void) => string;

/** What stands in the place of a secret. No pattern matches it, and it is the same inside of JSON text. */
export const markerOf = (what: string): string => `[redacted:${what}]`;

/** Fields whose value is never kept, in any mode. Lower case. */
export const secretHeaders: ReadonlySet<string> = new Set([
  'x-api-key',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  // Of the Messages API's `mcp_servers`: what the header of a connection to them holds.
  'authorization_token',
]);

/** Without a copy in lower case of each name that is looked at: most are shorter than all of these but one. */
export const isSecretHeader = (name: string): boolean =>
  (name.length > 8 || name.length === 6) && secretHeaders.has(name.toLowerCase());

/**
 * Names of what is secret whatever it looks like, in words: `-`, `_` or a space may stand between them, or nothing.
 * Whole names only: `max_tokens`, `token_count` and `next_page_token` are none.
 */
const secretFieldNames = [
  'password',
  'passwd',
  'passphrase',
  'api key',
  'access token',
  'refresh token',
  'session token',
  'auth token',
  'client secret',
  'secret key',
  'secret access key',
  'private key',
  // Of the connection strings of Azure.
  'account key',
  'shared access key',
];
/** What headers and settings put before such names. */
const beforeSecrets = '(?:x[_-]?)?(?:(?:goog|aws)[_-]?)?';
/** Also words of prose and of code: in a text they are names only where they stand in quotation marks. */
const secretWords = '(?:token|secret)';

// Every repetition is bounded, or of one set of characters that what follows it cannot begin with: the
// time of a search grows with the length of the text, whatever the text is.
// Some libraries write quotation marks within JSON as their code.
const quote = String.raw`(?:\\{0,4}["']|\\{1,4}u002[27])`;
const between = String.raw`(?:(?:${quote})?[ \t]{0,4}[:=][ \t]{0,4}(?:${quote})?|${quote}[ \t]{0,4},[ \t]{0,4}${quote})`;
const quoted = String.raw`${quote}[ \t]{0,4}[:=][ \t]{0,4}${quote}`;
const token = String.raw`[^\s"'\\,;[\]]`;
/** Prose: “the password is …”. */
const being = String.raw`[ \t]{1,4}(?:is|was|ist|lautet|set to|is set to)[ \t]{0,4}:?[ \t]{0,4}(?:${quote})?`;
const space = String.raw`(?:[ \t]|%20|\+){1,4}`;
const scheme = '(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)';

const secretName = `(?:${secretFieldNames.map(name => name.replaceAll(' ', '[ _-]?')).join('|')})`;
const socialSecurity = '(?:ssn|social[ _-]?security(?:[ _-]?(?:number|no|nr))?)';
const secretField = new RegExp(
  `^${beforeSecrets}(?:${secretName}|${secretWords}|${socialSecurity})$`,
  'i',
);

/** Whether the value of a field is a secret whatever it looks like. */
export const isSecretField = (name: string): boolean =>
  name.length > 2 && name.length < 40 && secretField.test(name);

/** The same of a number; one under the name of a word of prose is most likely a count. */
export const isSecretNumber = (name: string, digits: string): boolean =>
  digits.length >= 6 && isSecretField(name) && !/^(?:token|secret)$/i.test(name);

/** Attributes have what they belong to before their own name: `http.request.header.authorization`. */
export const ownName = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

const replaced =
  (name: SecretName, pattern: RegExp, sure: (secret: string) => boolean = () => true) =>
  (text: string, found: (name: SecretName) => void): string =>
    text.replace(pattern, (match: string, group: unknown) => {
      const kept = typeof group === 'string' ? group : '';
      if (!sure(match.slice(kept.length))) return match;
      found(name);
      return kept + markerOf(name);
    });

const hasDigit = (text: string): boolean => /\d/.test(text);
const isMixed = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text);
/** How a password is kept is none. */
const isPassword = (text: string): boolean =>
  hasDigit(text) && !/^(?:sha|md|scrypt|bcrypt|argon|pbkdf|base|utf)-?\d/i.test(text);

// What looks like a letter before a secret may be the end of a line in JSON: `\n`.
const patterns: Readonly<Record<SecretName, readonly SecretPattern[]>> = {
  header: [
    replaced('header', new RegExp(`(x-api-key${between})${token}+`, 'gi')),
    replaced(
      'header',
      new RegExp(
        `(authorization(?:_token)?${between})(?:${scheme}${space}${token}+|${token}{16,})`,
        'gi',
      ),
    ),
    replaced('header', new RegExp(`(cookie${between})[\\w.-]{1,64}=[^\\r\\n"'\\\\]*`, 'gi')),
  ],
  'private-key': [privateKeys],
  jwt: [jsonWebTokens],
  'api-key': [
    replaced('api-key', /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))sk-[\w-]{20,}/g, hasDigit),
    replaced('api-key', /sk-(?:ant|proj|svcacct|admin)-[\w-]{8,}/g),
    replaced('api-key', /AKIA[A-Z0-9]{16}(?![A-Z0-9])/g),
    replaced('api-key', /(?:ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/g, hasDigit),
    replaced(
      'api-key',
      new RegExp(`(aws_?secret_?access_?key${between})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])`, 'gi'),
    ),
    replaced('api-key', /gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,}/g),
    replaced('api-key', /xox[abeoprs]-[A-Za-z0-9-]{10,}/g),
    replaced('api-key', /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))xapp-[A-Za-z0-9-]{10,}/g, hasDigit),
    replaced('api-key', /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{10,}/g),
    replaced('api-key', /AIza[\w-]{35}(?![\w-])/g),
    replaced('api-key', /glpat-[\w-]{20,}|npm_[A-Za-z0-9]{36}|SG\.[\w-]{22}\.[\w-]{43}/g),
    replaced('api-key', /(?:whsec|hf)_[A-Za-z0-9+/]{30,}/g),
    replaced('api-key', /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g),
    // Of bots of Telegram, of Vault, and of Google's OAuth clients.
    replaced('api-key', /(?<!\d)\d{6,12}:[\w-]{35}(?![\w-])/g, isMixed),
    replaced('api-key', /hv[bsr]\.[\w-]{20,}/g, hasDigit),
    replaced('api-key', /GOCSPX-[\w-]{20,}/g),
    // Signatures of Azure, in addresses.
    replaced('api-key', /([?&]sig=)(?:[A-Za-z0-9+/]|%[0-9A-F]{2}){30,}/gi, hasDigit),
  ],
  'bearer-token': [
    replaced('bearer-token', /ya29\.(?:[a-z]\.)?[\w-]{20,}/g),
    replaced(
      'bearer-token',
      new RegExp(`(bearer(?:${space}|${between}))[A-Za-z0-9._~+/-]{8,}={0,2}`, 'gi'),
      secret => hasDigit(secret) || secret.length >= 33,
    ),
    // No prose has a tab there.
    replaced('bearer-token', /(bearer\t{1,4})[A-Za-z0-9._~+/-]{3,}={0,2}/gi),
  ],
  password: [
    // https://user:password@host. A password may hold an @ itself: the last one counts.
    replaced(
      'password',
      /(:\/\/[^\s/?#"'\\@:<>]{0,64}:)(?!\[redacted:)[^\s/?#"'\\<>]{1,256}(?=@)/g,
    ),
    replaced(
      'password',
      new RegExp(`(${secretName}(?:${between}|${being}))${token}{6,200}`, 'gi'),
      isPassword,
    ),
    replaced(
      'password',
      new RegExp(`(${quote}${secretWords}${quoted})${token}{6,200}`, 'gi'),
      hasDigit,
    ),
  ],
  email: [emails],
  card: [
    numbers('card', /(?:(?<![\w.])|(?<=\\[nrt]))[2-6]/g, (text, start) =>
      isOfUuid(text, start) ? undefined : cardEnd(text, start),
    ),
  ],
  iban: [numbers('iban', /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))[A-Z]{2}\d{2}/g, ibanEnd)],
  ssn: [
    // Nine digits are many things; with the words beside them they are one.
    replaced(
      'ssn',
      /((?<![A-Za-z])(?:ssn|social[ _-]?security)[^0-9]{0,40})\d{3}[ -]?\d{2}[ -]?\d{4}(?![\d-])/gi,
    ),
    replaced(
      'ssn',
      /(?<![\d-])\d{3}-\d{2}-\d{4}(?=[^0-9]{1,40}(?:ssn|social[ _-]?security)(?![A-Za-z]))/gi,
    ),
  ],
  phone: [
    replaced('phone', /(?:(?<![\w+])|(?<=\\[nrt]))\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)/g),
    replaced('phone', /(?:(?<![\w.-])|(?<=\\[nrt]))(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\w-])/g),
  ],
};

export const secretNames = Object.keys(patterns) as readonly SecretName[];

export const patternsOf = (names: readonly SecretName[]): readonly SecretPattern[] =>
  names.flatMap(name => patterns[name]);

/** Three parts of base64url with dots between them, the first of which is the beginning of an object. */
function jsonWebTokens(text: string, found: (name: SecretName) => void): string {
  if (!text.includes('eyJ')) return text;
  // From where a word begins, so that each is looked at once; what stands before the token is kept.
  return text.replace(/(?<![\w-])[\w-]+\.[\w-]{8,}\.[\w-]*/g, match => {
    const start = match.indexOf('eyJ');
    if (start < 0 || match.indexOf('.') - start < 11) return match;
    found('jwt');
    return match.slice(0, start) + markerOf('jwt');
  });
}

/** Blocks of a private key, to their end; without one, to the end of what can be a key. */
function privateKeys(text: string, found: (name: SecretName) => void): string {
  const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  const end = /-----END [A-Z0-9 ]{0,60}-----/g;
  const body = /(?:[A-Za-z0-9+/=\s:,-]|\\[nr])*/y;
  let out = '';
  let from = 0;
  let next: RegExpExecArray | null | undefined;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    // Looked for once for all that begin before it.
    if (next === undefined || (next && next.index < begin.lastIndex)) {
      end.lastIndex = begin.lastIndex;
      next = end.exec(text);
    }
    body.lastIndex = begin.lastIndex;
    const longest = 20_000;
    const stop =
      next && next.index - begin.lastIndex < longest
        ? next.index + next[0].length
        : begin.lastIndex + (body.exec(text)?.[0].length ?? 0);
    found('private-key');
    out += text.slice(from, match.index) + markerOf('private-key');
    from = stop;
    begin.lastIndex = stop;
  }
  return from === 0 ? text : out + text.slice(from);
}

function emails(text: string, found: (name: SecretName) => void): string {
  const sign = /[@\uff20]|%40/g;
  // Behind a name of Latin letters other writing may follow without a space.
  const domain =
    /(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,8}(?:[A-Za-z]{2,24}(?![A-Za-z0-9-])|xn--[A-Za-z0-9-]{2,59}|(?![A-Za-z])[\p{L}\p{M}]{2,24})/uy;
  const local = /[\w.%+'\u00c0-\u052f-]/;
  let out = '';
  let from = 0;
  for (let match = sign.exec(text); match; match = sign.exec(text)) {
    const at = match.index;
    let start = at;
    while (start > from && at - start < 64 && local.test(text.charAt(start - 1))) start--;
    // The end of a line in JSON and a quotation mark before an address are not of it.
    if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start))) start++;
    while (start < at && text.charAt(start) === "'") start++;
    domain.lastIndex = sign.lastIndex;
    // The user of a remote repository's address is nobody's.
    if (start === at || text.slice(start, at) === 'git' || !domain.test(text)) continue;
    found('email');
    out += text.slice(from, start) + markerOf('email');
    from = domain.lastIndex;
    sign.lastIndex = from;
  }
  return from === 0 ? text : out + text.slice(from);
}

const cardDigits = { least: 13, most: 19 };

/** Numbers by where they may start, and where one that starts there ends; undefined: it is none. */
function numbers(
  name: SecretName,
  start: RegExp,
  endOf: (text: string, start: number) => number | undefined,
): SecretPattern {
  return (text, found) => {
    let out = '';
    let from = 0;
    start.lastIndex = 0;
    for (let match = start.exec(text); match; match = start.exec(text)) {
      const end = endOf(text, match.index);
      if (end === undefined) continue;
      found(name);
      out += text.slice(from, match.index) + markerOf(name);
      from = end;
      start.lastIndex = end;
    }
    return from === 0 ? text : out + text.slice(from);
  };
}

const uuid = /(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/iy;
/** Where in it the digits of a group, and of those behind it, may be as many as a card has. */
const cardsInUuid = [0, 19];

/** An id may have groups of digits alone, and no card is written in its groups. */
const isOfUuid = (text: string, start: number): boolean =>
  cardsInUuid.some(offset => {
    if (start < offset) return false;
    uuid.lastIndex = start - offset;
    return uuid.test(text);
  });

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Where the longest card number ends that starts here. Without patterns: texts may be full of digits. */
function cardEnd(text: string, start: number): number | undefined {
  let digits = '';
  let end: number | undefined;
  for (let at = start; at < text.length && digits.length < cardDigits.most; at++) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (isDigit(code)) {
      digits += text[at];
      if (digits.length < cardDigits.least || isDigit(next)) continue;
      // A letter or a fraction after it: no number of a card.
      if (!/^(?:\w|\.\d)/.test(text.slice(at + 1, at + 3)) && isCard(digits)) end = at + 1;
    } else if ((code !== 32 && code !== 45) || !isDigit(next)) break;
  }
  return end;
}

const cardScheme =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$/;

/** A number of one of the card schemes, by its first digits, its length and its check digit. */
export function isCard(digits: string): boolean {
  if (!cardScheme.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
