/** What happens to the bodies of answers while they are read. */
export interface Watched {
  readonly mostBytes: number;
  /** Bytes came. */
  readonly onBytes: () => void;
  /** More came than is taken; the body ends there. */
  readonly onTooMuch: () => void;
}

/** As `fetch`; bodies end with an error once they are longer than is taken. */
export function boundedFetch({ mostBytes, onBytes, onTooMuch }: Watched): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    let left = mostBytes;
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        onBytes();
        left -= bytes.byteLength;
        if (left >= 0) controller.enqueue(bytes);
        else {
          onTooMuch();
          controller.error(new RangeError(`more than ${mostBytes} bytes`));
        }
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(bounded), { status, statusText, headers });
  };
}
