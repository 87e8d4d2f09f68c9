import type { CurrentContext } from '../node/currentContext.ts';
import type { Span } from './span.ts';

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { then?: unknown }).then === 'function';

/** Ends a span with what its function gave: at once, when the promise settles, or when the generator is through. */
export function settle<T>(
  result: T,
  span: Span,
  current: CurrentContext<Span | undefined>,
  keep: ((value: unknown) => void) | undefined,
): T {
  if (isThenable(result)) {
    const settled = result.then(
      value => {
        keep?.(value);
        span.end();
        return value;
      },
      error => {
        span.fail(error);
        throw error;
      },
    );
    return settled as T;
  }
  const tag = Object.prototype.toString.call(result);
  if (tag === '[object AsyncGenerator]' || tag === '[object Generator]') {
    return followed(result as T & Iterating, span, current);
  }
  keep?.(result);
  span.end();
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
