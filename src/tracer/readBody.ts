const longestErrorMs = 1000;
const longestErrorChars = 100_000;

/** What is told of a body while the caller reads it. Must not throw. */
interface BodyWatch {
  /** Comes before the caller gets the same. */
  text(text: string): void;
  end(): void;
  broken(error: unknown): void;
  cancelled(): void;
}

/**
 * The answer with a body that is watched while the caller reads it, no faster. A copy (`clone`) would not do:
 * a caller that breaks off waits until the copy is let go of too. Undefined where the body is of another kind.
 */
export function watchedBody(response: Response, watch: BodyWatch): Response | undefined {
  if (typeof response.body?.getReader !== 'function') return undefined;
  const { url, redirected, type } = response;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            watch.text(decoder.decode());
            watch.end();
            controller.close();
          } else {
            watch.text(decoder.decode(value, { stream: true }));
            controller.enqueue(value);
          }
        } catch (error) {
          watch.broken(error);
          controller.error(error);
        }
      },
      cancel(reason) {
        watch.cancelled();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const watched = new Response(body, response);
  // A response that is made by hand has no address.
  for (const [key, value] of Object.entries({ url, redirected, type })) {
    Object.defineProperty(watched, key, { value, configurable: true });
  }
  return watched;
}

/**
 * The text of a failed answer's copy. The SDK waits for its own copy until this one is read or let go of, so
 * it is let go of before anybody would notice.
 */
export async function errorBody(copy: Response): Promise<string> {
  const reader = copy.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  const letGo = (): void => void reader.cancel().catch(() => undefined);
  const timer = setTimeout(letGo, longestErrorMs);
  try {
    while (text.length < longestErrorChars) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
    letGo();
  } catch {
    // What came before the connection broke is what there is.
  } finally {
    clearTimeout(timer);
  }
  return text;
}
