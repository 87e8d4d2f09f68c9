// What the instrumentation knows of `@anthropic-ai/sdk`, by its shape: the package need not be there.

/** A request as its middleware sees it. */
export interface SdkRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers: Headers;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

/** The options of the call behind it: one object for all attempts of a call. */
export interface SdkCallOptions {
  readonly path?: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly stream?: boolean;
  readonly maxRetries?: number;
  /** Milliseconds that an attempt waits for its answer to begin. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | null;
}

type SdkNext = (request: SdkRequest) => Promise<Response>;
export type SdkMiddleware = (
  request: SdkRequest,
  next: SdkNext,
  context: { readonly options?: SdkCallOptions | undefined },
) => Promise<Response>;

export interface SdkClient {
  middleware: readonly SdkMiddleware[];
  readonly maxRetries: number;
  withOptions?(...args: unknown[]): SdkClient;
  readonly messages?: SdkMessages;
  readonly beta?: { readonly messages?: SdkMessages };
}

type Method = (...args: unknown[]) => unknown;
/** Methods of a resource. */
export type SdkMessages = Partial<Record<'create' | 'stream' | 'parse' | 'toolRunner', Method>>;
