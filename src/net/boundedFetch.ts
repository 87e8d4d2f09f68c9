import { retryAfterMs } from './retryAfter.ts';

/** What happens to the bodies of answers while they are read. */
export interface Watched {
  readonly mostBytes: number;
  /** The head of an answer came, or bytes of its body. */
  readonly onBytes: () => void;
  /** The body is over, or nobody reads it any more. */
  readonly onEnd: () => void;
  /** More came than is taken; the body ends there. */
  readonly onTooMuch: () => void;
}

/** What asks to wait longer is not waited for: whoever sent it is told, and decides. */
const mostWaitMs = 60_000;

/** As `fetch`; bodies end with an error once they are longer than is taken. */
export function boundedFetch(watched: Watched): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { status, statusText, body } = response;
    const headers = new Headers(response.headers);
    if ((retryAfterMs(headers) ?? 0) > mostWaitMs) headers.set('x-should-retry', 'false');
    return new Response(body && bounded(body, watched), { status, statusText, headers });
  };
}

function bounded(
  body: ReadableStream<Uint8Array>,
  { mostBytes, onBytes, onEnd, onTooMuch }: Watched,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let left = mostBytes;
  onBytes();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        onEnd();
        controller.close();
        return;
      }
      onBytes();
      left -= value.byteLength;
      if (left < 0) {
        onTooMuch();
        throw new RangeError(`more than ${mostBytes} bytes`);
      }
      controller.enqueue(value);
    },
    cancel(reason) {
      onEnd();
      return reader.cancel(reason);
    },
  });
}
