import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { offered } from '../../src/core/query/complete.ts';
import { parseQuery } from '../../src/core/query/parse.ts';
import { usePage } from '../app/page.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Offers } from './Offers.tsx';
import { QueryProblemBox } from './QueryProblemBox.tsx';
import './query.css';

/** Milliseconds without a key after which a text is applied. */
const rest = 150;

/** The field of a query: what can be typed is offered, what is wrong is said below. */
export function QueryField({
  text,
  apply,
  leave,
}: {
  readonly text: string;
  readonly apply: (text: string) => void;
  /** From the field down to the list. */
  readonly leave: () => void;
}) {
  const { words } = usePage();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const id = useId();
  const latest = useRef(apply);
  latest.current = apply;
  const applied = useRef(text);
  // Cleared from elsewhere. What this field applied itself may be older than what was typed since.
  useEffect(() => {
    if (text !== applied.current) setTyped(text);
    applied.current = text;
  }, [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => {
      applied.current = typed;
      latest.current(typed);
    }, rest);
    return () => clearTimeout(timer);
  }, [typed, text]);
  useSlash(field);
  const moveTo = useRef<number>(undefined);
  // Before the next key, which would otherwise be typed where the caret was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was put in is in the field from then on
  useLayoutEffect(() => {
    const at = moveTo.current;
    moveTo.current = undefined;
    if (at !== undefined) field.current?.setSelectionRange(at, at);
  }, [typed]);

  const offer = caret === undefined ? undefined : offered(typed, caret);
  const options = offer?.options ?? [];
  // What is being typed is not wrong yet.
  const problem = typed === text && !offer ? parseQuery(text).problem : undefined;

  const write = (next: string, at: number | undefined): void => {
    setTyped(next);
    setCaret(at);
    setActive(-1);
  };
  const put = (from: number, length: number, inserted: string): void => {
    const next = typed.slice(0, from) + inserted + typed.slice(from + length);
    // A field is typed on with its value, a value with the next term.
    write(next, inserted.endsWith(':') ? from + inserted.length : undefined);
    moveTo.current = from + inserted.length;
    field.current?.focus();
  };
  const take = (index: number): void => {
    const option = options[index];
    if (offer && option) put(offer.at, offer.length, option.insert);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key } = event;
    // With the same keys an input method is told which signs are meant.
    if (event.nativeEvent.isComposing) return;
    const chosen = active >= 0 && (key === 'Enter' || key === 'Tab');
    if (offer && key === 'ArrowDown') setActive((active + 1) % options.length);
    else if (offer && key === 'ArrowUp') setActive(Math.max(-1, active - 1));
    else if (offer && chosen && !event.shiftKey) take(active);
    else if (offer && key === 'Escape') setCaret(undefined);
    else if (key === 'Escape' && typed !== '') write('', undefined);
    else if (key === 'ArrowDown' || key === 'Enter') {
      setCaret(undefined);
      // What is wrong is read and mended first.
      if (key === 'ArrowDown' || !parseQuery(typed).problem) leave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="query">
      <div className={problem ? 'field field-wrong' : 'field'}>
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          role="combobox"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          maxLength={500}
          placeholder={words.filterField}
          aria-label={words.filterField}
          aria-autocomplete="list"
          aria-expanded={offer !== undefined}
          aria-controls={offer && `${id}list`}
          aria-activedescendant={offer && active >= 0 ? `${id}${active}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={problem && `${id}problem`}
          title={words.filterFieldTitle}
          onChange={({ target }) => write(target.value, target.selectionStart ?? undefined)}
          onBlur={() => setCaret(undefined)}
          onKeyDown={onKeyDown}
        />
      </div>
      {offer && <Offers id={id} options={options} active={active} take={take} />}
      {problem && (
        <QueryProblemBox
          id={`${id}problem`}
          text={text}
          problem={problem}
          mend={() => put(problem.at, problem.length, problem.meant ?? '')}
        />
      )}
    </div>
  );
}

/** `/` goes to the field from wherever no text is being typed. */
function useSlash(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [field]);
}
