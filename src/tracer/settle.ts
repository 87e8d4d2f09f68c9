import type { CurrentContext } from '../node/currentContext.ts';
import { guarded } from './guards.ts';
import type { Span } from './span.ts';

type Thenable = PromiseLike<unknown> & { catch?: unknown; finally?: unknown };

const isThenable = (value: unknown): value is Thenable =>
  typeof value === 'object' &&
  value !== null &&
  typeof guarded(() => (value as { then?: unknown }).then) === 'function';

/** Ends a span with what its function gave: at once, when the promise settles, or when the generator is through. */
export function settle<T>(
  result: T,
  span: Span,
  current: CurrentContext<Span | undefined>,
  keep: ((value: unknown) => void) | undefined,
): T {
  const ended = (value: unknown): void => {
    if (keep) guarded(() => keep(value));
    span.end();
  };
  if (isThenable(result)) return settledLater(result, ended, error => span.fail(error)) as T;
  const tag = guarded(() => Object.prototype.toString.call(result));
  if (tag === '[object AsyncGenerator]' || tag === '[object Generator]') {
    return followed(result as T & Iterating, span, current);
  }
  ended(result);
  return result;
}

/**
 * Tells once how a promise settles, before whoever waits for it hears. What is more than a promise is given
 * back itself: a call of an SDK has methods of its own.
 */
function settledLater(
  result: Thenable,
  ended: (value: unknown) => void,
  failed: (error: unknown) => void,
): unknown {
  if (result instanceof Promise && Object.getPrototypeOf(result) !== Promise.prototype) {
    result.then(ended, failed);
    return result;
  }
  const then = result.then;
  const watched = (ok?: unknown, no?: unknown): unknown =>
    then.call(
      result,
      value => {
        ended(value);
        return typeof ok === 'function' ? ok(value) : value;
      },
      error => {
        failed(error);
        if (typeof no === 'function') return no(error);
        throw error;
      },
    );
  // A plain promise whose failure nobody handles must go on to be one: as the one that comes of it.
  if (result instanceof Promise) return watched();
  // A query may be sent with each `then`, so that this must not be one more.
  return guarded(() => watchThenable(result, watched)) ?? watched();
}

type Then = (ok?: unknown, no?: unknown) => unknown;

function watchThenable(result: Thenable, then: Then): Thenable {
  const methods: Record<string, unknown> = {
    then,
    catch: (no?: unknown) => then(undefined, no),
    finally: (fn?: () => unknown) => Promise.resolve({ then }).finally(fn),
  };
  for (const [name, value] of Object.entries(methods)) {
    if (!(name in result)) continue;
    Object.defineProperty(result, name, { value, configurable: true, writable: true });
  }
  return result;
}

type Step = IteratorResult<unknown>;
interface Iterating {
  next(...args: unknown[]): Step | Promise<Step>;
  return(value?: unknown): Step | Promise<Step>;
  throw(error?: unknown): Step | Promise<Step>;
}

/**
 * The same generator, each step of which runs inside the span: whoever asks for the next item does so from
 * a place of its own. The span ends with the last item, an error, or when its reader stops early.
 */
function followed<T extends Iterating>(
  generator: T,
  span: Span,
  current: CurrentContext<Span | undefined>,
): T {
  const settled = (step: Step): Step => {
    if (step.done) span.end();
    return step;
  };
  const failed = (error: unknown): never => {
    span.fail(error);
    throw error;
  };
  for (const name of ['next', 'return', 'throw'] as const) {
    const original = generator[name].bind(generator);
    const method = (...args: [unknown?]): Step | Promise<Step> => {
      try {
        const step = current.run(span, () => original(...args));
        return step instanceof Promise ? step.then(settled, failed) : settled(step);
      } catch (error) {
        return failed(error);
      }
    };
    Object.defineProperty(generator, name, { value: method, configurable: true, writable: true });
  }
  return generator;
}
