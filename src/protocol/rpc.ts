import { TraceError, type TraceErrorCode } from '../core/errors.ts';

/** An interface whose members are all methods; requests and answers are typed from it. */
export type Api<T> = { [M in keyof T]: (...args: never[]) => Promise<unknown> };

/** What the calling side sends. `kind` is a word, not a number: logs stay readable. */
export type Request =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'cancel'; readonly id: number };

/** What the answering side sends. Every call gets exactly one `ok` or `failed`. */
export type Reply =
  | { readonly kind: 'ok'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: TraceErrorCode;
      readonly args: readonly string[];
      readonly stack: string;
    };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: TraceError): void;
}

/** The calling side of a connection. */
export class Caller<T extends Api<T>> {
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private readonly send: (request: Request) => void;

  constructor(send: (request: Request) => void) {
    this.send = send;
  }

  /** Rejects with a TraceError, also when sending fails or `close` is called meanwhile. */
  call<M extends keyof T & string>(
    method: M,
    ...args: Parameters<T[M]>
  ): Promise<Awaited<ReturnType<T[M]>>> & { cancel(): void } {
    const id = this.nextId++;
    const answer = new Promise<Awaited<ReturnType<T[M]>>>((resolve, reject) => {
      // A cast, for the other side answers by the same interface.
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      try {
        this.send({ kind: 'call', id, method, args });
      } catch (error) {
        this.waiting.delete(id);
        reject(TraceError.from(error));
      }
    });
    return Object.assign(answer, { cancel: () => this.cancel(id) });
  }

  /** Replies to calls that are no longer known are dropped: the page was reloaded meanwhile. */
  receive(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.kind === 'ok') waiting?.resolve(reply.value);
    else {
      const error = new TraceError(reply.code, reply.args);
      error.stack = reply.stack;
      waiting?.reject(error);
    }
  }

  /** Answers everything still open: the other side is gone. */
  close(error: TraceError): void {
    const open = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of open) one.reject(error);
  }

  private cancel(id: number): void {
    if (!this.waiting.has(id)) return;
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.reject(new TraceError('cancelled'));
    try {
      this.send({ kind: 'cancel', id });
    } catch {
      // The other side is gone, and with it what was to be cancelled; the call is answered already.
    }
  }
}

/** A Caller as a plain object of async methods. */
export function asApi<T extends Api<T>>(
  caller: Caller<T>,
  methods: readonly (keyof T & string)[],
): T {
  const api: Partial<Record<keyof T & string, unknown>> = {};
  for (const method of methods) {
    api[method] = (...args: Parameters<T[typeof method]>) => caller.call(method, ...args);
  }
  return api as T;
}

/** Answers one call. Never throws: a failing handler becomes a `failed` reply, so that nobody waits for ever. */
export async function answer<T extends Api<T>>(
  handlers: T,
  methods: readonly (keyof T & string)[],
  request: Extract<Request, { kind: 'call' }>,
): Promise<Reply> {
  const { id } = request;
  try {
    const method = methods.find(name => name === request.method);
    if (!method) throw new TraceError('unexpected', [`there is no method ${request.method}`]);
    // What comes over the wire was typed by the calling side's use of the same interface.
    const args = request.args as Parameters<T[typeof method]>;
    return { kind: 'ok', id, value: await handlers[method](...args) };
  } catch (thrown) {
    const error = TraceError.from(thrown);
    const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
    return {
      kind: 'failed',
      id,
      code: error.code,
      args: error.args,
      stack: `${error.stack ?? ''}${cause}`,
    };
  }
}
