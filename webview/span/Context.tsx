import type { ContextParts } from '../../src/core/contextParts.ts';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatShare, integer } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useWords } from '../app/page.tsx';
import './context.css';

/** What the prompt was made of, part by part, and how much of it the cache had. Every bar has its figure in words. */
export function Context({ detail: { context, since } }: { readonly detail: SpanDetail }) {
  const words = useWords();
  if (!context) return null;
  const { tokens, parts, cache } = context;
  return (
    <section className="context" aria-label={words.context}>
      <div className="context-head">
        <h2>{words.context}</h2>
        <span className="second">{counted(words, 'contextTotal', tokens)}</span>
      </div>
      <div className="context-bar" aria-hidden>
        {parts.map(one => (
          <i key={one.name} className={`context-${one.name}`} style={{ flexGrow: one.tokens }} />
        ))}
      </div>
      {cache.length > 0 && (
        <div className="context-rail" aria-hidden>
          {cache.map(one => (
            <i key={one.name} className={`rail-${one.name}`} style={{ flexGrow: one.tokens }} />
          ))}
        </div>
      )}
      <ul className="context-legend small second">
        {parts.map(one => (
          <li key={one.name}>
            <i className={`context-${one.name}`} aria-hidden />
            {fillIn(partWord(one.name, since?.call, words), [integer(one.tokens)])}
          </li>
        ))}
        {cache.map(one => (
          <li key={one.name}>
            <i className={`rail-${one.name}`} aria-hidden />
            {fillIn(words[cacheWords[one.name]], [
              integer(one.tokens),
              formatShare(one.tokens / tokens),
            ])}
          </li>
        ))}
      </ul>
    </section>
  );
}

const cacheWords = {
  cacheRead: 'contextCacheRead',
  cacheWrite: 'contextCacheWrite',
  uncached: 'contextUncached',
} as const;

function partWord(
  name: ContextParts['parts'][number]['name'],
  call: number | undefined,
  words: Words,
): string {
  const all = {
    system: words.contextSystem,
    tools: words.contextTools,
    history: words.contextHistory,
    results: words.contextResults,
    fresh: words.contextNew,
  };
  return name === 'fresh' && call !== undefined
    ? fillIn(words.contextNewSince, [integer(call), '{0}'])
    : all[name];
}
