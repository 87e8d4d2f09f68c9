import assert from 'node:assert/strict';
import vm from 'node:vm';
import { saysNothing } from '../../src/core/insights/emptiness.ts';
import { errorText } from '../../src/core/insights/errorText.ts';
import { factsOf } from '../../src/core/insights/factsOf.ts';
import { saysFailed } from '../../src/core/insights/failureWords.ts';
import { findInsights } from '../../src/core/insights/findInsights.ts';
import { resultFacts } from '../../src/core/insights/resultFacts.ts';
import { steadyFields, steadyText } from '../../src/core/insights/steady.ts';
import { unseenArguments } from '../../src/core/insights/unseen.ts';
import { readMetadata } from '../../src/core/metadata.ts';
import { call, contextOf, runWith, tool } from './support/insightRuns.ts';

const asked = { look: (): void => undefined };
vm.createContext(asked);
const ask = new vm.Script('look()');

/** What never ends is stopped, so that it fails rather than hangs: nothing else is said about time. */
function ends(texts: readonly string[], look: (text: string) => void): void {
  // To watch over a text takes a thread, and more time than the text does.
  for (let from = 0; from < texts.length; from += 40) {
    let about = '';
    asked.look = () => {
      for (const text of texts.slice(from, from + 40)) {
        about = text;
        look(text);
      }
    };
    try {
      ask.runInContext(asked, { timeout: 20_000 });
    } catch (thrown) {
      assert.fail(`${JSON.stringify(about.slice(0, 60))}: ${thrown}`);
    }
  }
}

const beginnings = [
  ...['', ' ', '/a', 'AB-123', 'a@a.', 'https://', 'Error', 'error: ', 'tool ', 'no such tool "'],
  ...['no results ', '<title>', '<!--', '{"message": "', '[', '$1', 'answer is ', '2026-11-28T'],
];
const pieces = ['a', 'A', '1', '_', '-', '.', ' ', '/', '\\', '"', ':', '(', '\n', 'é'];
/** Each piece and each two of them, over and over, after each beginning. */
const hostile = (times: number): string[] =>
  beginnings.flatMap(begin =>
    pieces.flatMap(one =>
      ['', ...pieces]
        .filter(other => other !== one)
        .map(other => `${begin}${(one + other).repeat(times)}!`),
    ),
  );

const messages = [{ role: 'user', content: 'Look it up.' }];
const recorded = (text: string) => ({
  request: { system: text, messages },
  response: { content: [{ type: 'tool_use', id: 'u', name: 'find', input: { ticket_id: text } }] },
  tool_name: 'find',
  tool_input: { q: text },
  tool_result: text,
});

function lookAt(text: string): void {
  const facts = resultFacts(text, undefined);
  if (facts) errorText('find', facts, [text]);
  saysFailed({ error: text, message: text });
  saysNothing(text);
  steadyText(text);
  steadyFields({ [text]: 1 });
  const input = { ticket_id: text, path: text };
  unseenArguments({ messages }, [{ id: 'u', name: 'find', input }]);
  const metadata = readMetadata(JSON.stringify(recorded(text)));
  for (const kind of ['llm', 'tool'] as const) factsOf(metadata, [], kind);
}

describe('texts that were made to keep a reader busy', () => {
  it('are soon read: short ones, for which the steps could double with each letter', () => {
    ends(hostile(40), lookAt);
  }).timeout(60_000);

  it('are soon read: long ones, for which the steps could be the square of the letters', () => {
    ends(
      hostile(20_000).filter((_, at) => at % 37 === 0),
      lookAt,
    );
  }).timeout(60_000);

  it('are soon looked at, wherever in a run they stand', () => {
    const texts = hostile(40).filter((_, at) => at % 7 === 0);
    ends(texts, text => {
      const metadata = recorded(text);
      const failed = { status: 'error', error: text } as const;
      const looked = runWith([
        call('c1', 0, 10, { input: 10 }, { metadata }),
        tool('t1', 'find', 10, 20, { metadata, ...failed }),
        call('c2', 20, 30, { input: 10 }, { metadata, ...failed }),
        tool('t2', text, 30, 40, { metadata }),
      ]);
      findInsights(looked, contextOf(looked));
    });
  }).timeout(60_000);
});
