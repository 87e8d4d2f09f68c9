import assert from 'node:assert/strict';
import { createRedactor } from '../../src/core/redaction.ts';
import { isCard, patternsOf, secretNames } from '../../src/core/secretPatterns.ts';
import { secrets } from './support/secrets.ts';

describe('secrets', () => {
  it('are found whatever they are glued to', () => {
    const jwt = secrets.jwt ?? '';
    for (const [text, expected] of [
      [`key=${secrets.anthropic}`, 'key=[redacted:api-key]'],
      [`"${secrets.anthropic}"`, '"[redacted:api-key]"'],
      [`token:${secrets.github};`, 'token:[redacted:api-key];'],
      [`x${secrets.aws}y`, 'x[redacted:api-key]y'],
      [`tok_${jwt};`, 'tok_[redacted:jwt];'],
      ['Bearer\tabc', 'Bearer\t[redacted:bearer-token]'],
      ['Bearer%20abcdef123456', 'Bearer%20[redacted:bearer-token]'],
      ['{"bearer":"abcdef123456"}', '{"bearer":"[redacted:bearer-token]"}'],
      ['authorization: Bearer\tabc', 'authorization: [redacted:header]'],
      ['https://user:pass@host/x', 'https://user:[redacted:password]@host/x'],
      ['postgres://user:pw@db:5432/x', 'postgres://user:[redacted:password]@db:5432/x'],
      ['redis://:p@ss@cache:6379', 'redis://:[redacted:password]@cache:6379'],
      ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=[redacted:password] psql'],
      ['?api_key=abcdef0123&x=1', '?api_key=[redacted:password]'],
      [`k='${secrets.key}'`, "k='[redacted:private-key]'"],
      ['наташа@x.example', '[redacted:email]'],
      ['x=4111 1111 1111 1111;', 'x=[redacted:card];'],
      ['tel:+49-30-1234-5678', 'tel:[redacted:phone]'],
      ['IBAN DE89 3704 0044 0532 0130 00.', 'IBAN [redacted:iban].'],
      ['DE89370400440532013000 EUR', '[redacted:iban] EUR'],
      ['{"a":"x\\nGB82 WEST 1234 5698 7654 32 to"}', '{"a":"x\\n[redacted:iban] to"}'],
      ['SSN: 078-05-1120', 'SSN: [redacted:ssn]'],
      ['my social security number is 078 05 1120.', 'my social security number is [redacted:ssn].'],
      ['078-05-1120 (SSN)', '[redacted:ssn] (SSN)'],
      ['jürgen@münchen-beispiel.de', '[redacted:email]'],
      ['a@x.example谢谢', '[redacted:email]谢谢'],
      ['jane@例え.jp, jane\uff20x.example', '[redacted:email], [redacted:email]'],
      ['?to=jane.pct%40corp-example.com&x=1', '?to=[redacted:email]&x=1'],
      ['the password is hunter2 now', 'the password is [redacted:password] now'],
      ['The API key was set to "abc123"', 'The API key was set to "abc123"'],
      ['the API key is: "abc123def"', 'the API key is: "[redacted:password]"'],
      [
        String.raw`{\u0022password\u0022:\u0022hunter2\u0022}`,
        String.raw`{\u0022password\u0022:\u0022[redacted:password]\u0022}`,
      ],
      [String.raw`sk\\u002dant\u002dapi03abcdef0123`, '[redacted:api-key]'],
      [
        String.raw`{"a":"\u0022x\u0022 jane\u0040x.example"}`,
        String.raw`{"a":"\u0022x\u0022 [redacted:email]"}`,
      ],
    ] as const) {
      assert.equal(createRedactor().text(text), expected);
      assert.equal(createRedactor().text(expected), expected);
    }
  });

  it('are found behind the end of a line in JSON, which stays JSON', () => {
    const key = `sk-${'a1b2c3d4'.repeat(4)}`;
    const text = `Dear\n${key}\n4111111111111111\n+49-30-1234-5678\tjane@x.example\r\nDE89370400440532013000`;
    const json = createRedactor().text(JSON.stringify({ text }));
    assert.equal(
      JSON.parse(json).text,
      'Dear\n[redacted:api-key]\n[redacted:card]\n[redacted:phone]\t[redacted:email]\r\n[redacted:iban]',
    );
  });

  it('are keys of clouds and bots, put together so that no other search finds them here', () => {
    const base64 = `${'Eby8vdM02xNOcqF'.repeat(5)}+/abcdefg==`;
    const letters = 'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
    for (const [text, expected] of [
      [
        `AccountName=a;AccountKey=${base64};EndpointSuffix=x`,
        'AccountName=a;AccountKey=[redacted:password];EndpointSuffix=x',
      ],
      [
        `SharedAccessKeyName=RootManage;SharedAccessKey=${base64.slice(-44)}`,
        'SharedAccessKeyName=RootManage;SharedAccessKey=[redacted:password]',
      ],
      [`https://h/bot110201543:${letters}/getMe`, 'https://h/bot[redacted:api-key]/getMe'],
      [`VAULT=${'hvs'}.CAESIJ${letters}`, 'VAULT=[redacted:api-key]'],
      [`${'ya29'}.a0AfH6SMB${letters} x`, '[redacted:bearer-token] x'],
      [`?sv=1&sig=${letters}%3D&x`, '?sv=1&sig=[redacted:api-key]&x'],
    ] as const) {
      assert.equal(createRedactor().text(text), expected);
    }
    const { AccountKey, ssn } = createRedactor().fields({ AccountKey: base64, ssn: 78051120 });
    assert.deepEqual([AccountKey, ssn], ['[redacted:secret]', '[redacted:secret]']);
  });

  it('are not what only looks a little like one', () => {
    for (const text of [
      'd9428888-122b-11e1-b85c-61cd3cbb3210',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'order 1234567890123456, order 4111111111111112, 4111111111111111.5',
      '2026-11-25T13:16:49+01:00, 2026-11-25 13:16:49.123, 20261125131649123',
      '1.2.3-beta.4+build.5678901234, 1.2.3+20130313144700, v10.20.30.40',
      'ISBN 978-3-16-148410-0, 0x4111111111111111, 123-456-7890-1234',
      'http://localhost:3000/@me https://example.com:8080/a@b file:///C:/a:b@c',
      'postgres://localhost:5432/db, time 12:30@noon, git@github.com:a/b.git',
      'Bearer authentication scheme, forbearer of tokens: 12345678, max_tokens=4096',
      'password: string, password is required, api_key: str = None, api_key=os.environ["K1"]',
      'DE89 3704 0044 0532 0130 01, DE8937040044053201300, SSN of 2024-11-28',
      'the password is required, the password is sha256-hashed, lessn 078-05-1120 of lessness, part 078-05-1120',
      String.raw`a path C:\u0041b, \u0022quoted\u0022 and \u002d`,
      'https://x/pkg/lodash%404.17.21 https://x/%40scope%2Fname 12:30 1764076609:abcdefghij',
      'sk-learn-based-classifier-model task-abcdefghijklmnopqrst1234 ASIANAMERICANSTUDIES',
    ]) {
      assert.equal(createRedactor().text(text), text);
    }
  });

  it('are card numbers only of a known scheme, length and check digit', () => {
    for (const card of [
      '4111111111111111',
      '5555555555554444',
      '2223003122003222',
      '30569309025904',
    ]) {
      assert.ok(isCard(card), card);
    }
    for (const other of [
      '4111111111111112',
      '1764076609123',
      '0000000000000000',
      '9111111111111111',
    ]) {
      assert.ok(!isCard(other), other);
    }
    assert.equal(createRedactor().text('1 4111-1111-1111-1111 2'), '1 [redacted:card] 2');
    assert.deepEqual(createRedactor().fields({ n: 4111111111111111 }).n, '[redacted:card]');
  });

  it('are no card numbers where they are an id: a UUID of digits, or of no check digit', () => {
    for (const id of [
      '41111111-1111-1111-8fbe-3b1f0c9d2e4a',
      '3b1f0c9d-2e4a-4fbe-4111-111111111111',
      '41111111-1111-1111-4111-111111111111',
      '4111111111111112',
      '20261128235959123',
    ]) {
      const fields = { session_id: id, 'session.id': id, request: { id } };
      assert.deepEqual(createRedactor().fields(fields), fields, id);
      assert.equal(createRedactor().text(`session ${id} failed`), `session ${id} failed`);
    }
    for (const card of [
      '4111111111111111',
      '41111111-1111-1111',
      '41111111-1111-1111-8fbe',
      'a-4111-111111111111',
      '41111111-1111-1111-8fbe-3b1f0c9d2e4a0',
    ]) {
      assert.match(
        String(createRedactor().fields({ session_id: card }).session_id),
        /redacted:card/,
      );
    }
  });

  it('that are a private key go to its end, also where the end is missing', () => {
    const begin = `-----BEGIN ${'PRIVATE'} KEY-----`;
    assert.equal(
      createRedactor().text(`${begin}\\nMIIE\\nabcd"}. next`),
      '[redacted:private-key]"}. next',
    );
  });

  it('are searched in a time that grows with the text, for texts that are made to hurt', () => {
    const units = [
      'a',
      '@',
      'a@',
      'a.',
      'a@a.',
      '1',
      '1 ',
      '4-',
      '+',
      '+1 ',
      '(',
      '(5',
      '-',
      'eyJ',
      'eyJaaaaaaaa.',
      'eyJ-',
      '-eyJ.aaaaaaaa.',
      '://',
      '://a:',
      '://a:@',
      ':',
      'password=',
      'api_key: ',
      'bearer%20',
      'bearer\t',
      'glpat-',
      'SG.',
      'hf_',
      'sk-',
      'sk-ant-',
      'bearer ',
      'x-api-key',
      'x-api-key: ',
      'authorization:',
      'cookie: ',
      'cookie:a=',
      `-----BEGIN ${'PRIVATE'} KEY-----`,
      '-----BEGIN ',
      '-----END ',
      'xoxb-',
      'ghp_',
      'AKIA',
      '\\',
      '"',
      '\\\\\\\\"',
      ' ',
      '\t',
      'aws_secret_access_key ',
      'hooks.slack.com/services/',
      'a-',
      'a@a-',
      'ü@ü.',
      'a%40a.',
      'DE89 ',
      'DE89',
      'ssn ',
      'social security',
      '078-05-1120 ',
      'password is ',
      '1:a',
      '110201543:',
      '&sig=',
      '\\u0040',
      '\\u0022',
      'ya29.',
      '=',
    ];
    // What grows with the square of the text does not end in the time that a test has.
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(200_000 / unit.length));
      for (const pattern of patternsOf(secretNames)) pattern(text, () => undefined);
    }
  });
});
