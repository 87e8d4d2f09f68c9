import assert from 'node:assert/strict';
import fs from 'node:fs';
import { channelFields, commonChannelFields } from '../../src/core/alerts/channels.ts';
import { parseAlerts, usualAlerts } from '../../src/core/alerts/config.ts';
import { parseJsonc } from '../../src/core/alerts/jsonc.ts';
import { commonFields, nameTest, ruleFields } from '../../src/core/alerts/rules.ts';
import { alertsSchema } from '../../src/core/alerts/schema.ts';
import { inRepo } from '../tools/repo.ts';

const problemsOf = (text: string) =>
  parseAlerts(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('JSON with comments', () => {
  const readBack = (text: string): unknown => {
    const plain = ({
      value,
      items,
      members,
    }: NonNullable<ReturnType<typeof parseJsonc>['node']>): unknown =>
      items?.map(plain) ??
      (members ? Object.fromEntries(members.map(one => [one.name, plain(one.node)])) : value);
    const { node } = parseJsonc(text);
    return node && plain(node);
  };

  it('is read as JSON is, with comments and last commas', () => {
    for (const text of [
      '{"a": [1, -2.5e3, true, false, null, "x\\n\\u00e9\\""], "b": {}}',
      '[]',
      '"x"',
      '0',
    ]) {
      assert.deepEqual(readBack(text), JSON.parse(text));
    }
    assert.deepEqual(readBack('\uFEFF// first\n{ /* a */ "a": [1, 2,], // last\n}\n'), {
      a: [1, 2],
    });
    assert.deepEqual(readBack('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}'));
  });

  it('that is none is told with where', () => {
    const at = (text: string) => parseJsonc(text).problem?.start;
    assert.deepEqual(
      [
        '',
        '{',
        '{"a" 1}',
        '[1 2]',
        '{"a": 01}',
        '{a: 1}',
        '[1] x',
        '/* x',
        '"a\nb"',
        'truely',
        '['.repeat(60),
      ].map(at),
      [0, 1, 5, 3, 6, 1, 4, 0, 0, 0, 51],
    );
  });
});

describe('the alerts file', () => {
  it('is read with defaults', () => {
    const { config, problems } = parseAlerts(`{
      // What the article does, without its defects.
      "rules": [{ "type": "failure-rate" }, { "type": "latency", "above": "90s", "id": "slow", "perName": true }],
      "channels": [{ "type": "slack", "urlVariable": "HOOK", "rules": ["slow"] }, { "type": "email", "to": ["a@b.org"] },],
    }`);
    assert.deepEqual(problems, []);
    const common = {
      runs: undefined,
      perName: false,
      severity: 'error',
      cooldown: 600_000,
      remindAfter: undefined,
    };
    assert.deepEqual(config.rules, [
      {
        type: 'failure-rate',
        ...common,
        window: 300_000,
        above: 0.2,
        minimumRuns: 5,
        id: 'failure-rate',
      },
      {
        type: 'latency',
        ...common,
        above: 90_000,
        id: 'slow',
        perName: true,
        window: 900_000,
        percentile: 99,
        minimumRuns: 20,
      },
    ]);
    assert.deepEqual(config.channels, [
      { type: 'slack', urlVariable: 'HOOK', rules: ['slow'], id: 'slack', resolved: true },
      {
        type: 'email',
        to: ['a@b.org'],
        id: 'email',
        rules: undefined,
        resolved: true,
        command: 'sendmail',
      },
    ]);
    assert.deepEqual(
      usualAlerts.rules.map(rule => rule.type),
      ['failure-rate', 'loop'],
    );
  });

  it('with an error says what, in which line and column, and keeps the rest', () => {
    const { config } = parseAlerts('{"rules": [{"type": "loop"}, {"type": "lop"}]}');
    assert.deepEqual(
      config.rules.map(rule => rule.id),
      ['loop'],
    );
    const cases: readonly (readonly [string, string])[] = [
      ['{\n  "rule": []\n}', '2:3 There is no “rule”; there are “rules” and “channels”.'],
      ['[]', '1:1 An object is expected: { "rules": […], "channels": […] }.'],
      ['{"rules": {}}', '1:11 A list of rules is expected.'],
      ['{"rules": [\n  3]}', '2:3 A rule is expected: { "type": … }.'],
      [
        '{"rules": [{"type": "run-cost"}]}',
        '1:21 A rule of type “run-cost” needs “above”. US dollars that one run may cost.',
      ],
      [
        '{"rules": [{"type": "run-cost", "above": 0}]}',
        '1:42 above: A number is expected, above 0 and at most 1000000000.',
      ],
      [
        '{"rules": [{"type": "no-runs", "for": 5}]}',
        '1:39 for: A duration is expected, from "1m" to "30d".',
      ],
      [
        '{"rules": [{"type": "loop", "window": "5m"}]}',
        '1:29 A rule of type “loop” has no “window”; it has id, runs, perName, severity, cooldown, remindAfter.',
      ],
      [
        '{"rules": [{"type": "loop"}, {"type": "loop"}]}',
        '1:30 Another rule has the id “loop”. Give each an id of its own.',
      ],
      [
        '{"channels": [{"type": "log", "rules": ["x"]}], "rules": []}',
        '1:15 There is no rule “x”.',
      ],
      [
        '{"rules": [{"type": "loop", "perName": true, "perName": true}]}',
        '1:46 “perName” is there twice.',
      ],
      [
        '{"rules": [}',
        '1:12 A value is expected: a text in "…", a number, true, false, […] or {…}.',
      ],
      [
        '{"channels": [{"type": "slack", "url": "https://hooks.slack.com/services/T/B/x"}]}',
        '1:33 A channel of type “slack” has no “url”; it has id, rules, resolved, urlVariable.',
      ],
    ];
    for (const [text, says] of cases) assert.equal(problemsOf(text)[0], says, text);
  });

  it('takes no secret where the name of a variable belongs', () => {
    const [problem] = problemsOf(
      '{"channels": [{"type": "slack", "urlVariable": "https://hooks.slack.com/x"}]}',
    );
    assert.match(problem ?? '', /^1:48 urlVariable: The name of a variable is expected/);
  });

  it('takes no address that is an option, or several', () => {
    for (const to of ['-oQ/tmp@x', 'a@b,c@d', 'a@b\nBcc: c@d', 'a']) {
      assert.equal(
        problemsOf(JSON.stringify({ channels: [{ type: 'email', to: [to] }] })).length,
        1,
        to,
      );
    }
  });

  it('of any shape ends in words, never in a crash', () => {
    const parts = [
      '{',
      '}',
      '[',
      ']',
      '"rules"',
      '"channels"',
      ':',
      ',',
      '"type"',
      '"loop"',
      '1',
      'null',
      '//',
      '"',
      '\\',
    ];
    let state = 7;
    const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648);
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: next() % 14 }, () => parts[next() % parts.length]).join(
        ' ',
      );
      assert.ok(Array.isArray(parseAlerts(text).problems));
    }
  });
});

describe('the schema of the alerts file', () => {
  const schema = alertsSchema() as { readonly properties: unknown };

  it('is the published one', () => {
    const published = JSON.parse(fs.readFileSync(inRepo('media/alerts.schema.json'), 'utf8'));
    assert.deepEqual(
      published,
      JSON.parse(JSON.stringify(schema)),
      'write it anew: npm run alerts-schema',
    );
  });

  it('has each field of each type, as the parser does', () => {
    for (const [list, types, common] of [
      ['rules', ruleFields, commonFields],
      ['channels', channelFields, commonChannelFields],
    ] as const) {
      const { items } = (
        schema.properties as Record<
          string,
          { items: { allOf: { if: object; then: { properties: object } }[] } }
        >
      )[list]!;
      const has = items.allOf.map(one => Object.keys(one.then.properties).sort());
      assert.deepEqual(
        has,
        Object.values(types).map(own => ['type', ...Object.keys({ ...own, ...common })].sort()),
      );
    }
  });
});

describe('names of runs', () => {
  const fits = (runs: string, name: string) => nameTest({ runs })(name);
  it('are matched with * for anything', () => {
    for (const [runs, name] of [
      ['a', 'a'],
      ['a*', 'abc'],
      ['*c', 'abc'],
      ['a*c', 'ac'],
      ['*', ''],
      ['a*b*c', 'axxbyyc'],
      ['a.c', 'a.c'],
    ] as const) {
      assert.ok(fits(runs, name), `${runs} ${name}`);
    }
    for (const [runs, name] of [
      ['a', 'ab'],
      ['a*', 'ba'],
      ['a*a', 'a'],
      ['a*b*c', 'acb'],
      ['a.c', 'abc'],
    ] as const) {
      assert.ok(!fits(runs, name), `${runs} ${name}`);
    }
    assert.ok(!fits('*a'.repeat(40), 'a'.repeat(30) + 'b'.repeat(1e5)));
  });
});
