import { fieldsOf, textOf } from '../core/fields.ts';
import type { CallSite } from '../node/callSite.ts';
import { CurrentContext } from '../node/currentContext.ts';
import type { AgentTracer } from './agentTracer.ts';
import { AnthropicCall, type Reader } from './anthropicCall.ts';
import { tracedRunnableTools } from './anthropicTools.ts';
import type {
  SdkCallOptions,
  SdkClient,
  SdkMessages,
  SdkMiddleware,
  SdkRequest,
} from './anthropicTypes.ts';
import { errorText } from './errorText.ts';

/** The call at hand as the agent asked for it. */
interface Asked extends Reader {
  /** Where in its code; used up by that call. */
  readonly place: CallSite | undefined;
  used: boolean;
}
const places = new CurrentContext<Asked>();
/** The tracer of each client that is instrumented. */
const instrumented = new WeakMap<object, AgentTracer>();
const ours = new WeakSet<SdkMiddleware>();

/**
 * Records every Messages API call of a client of `@anthropic-ai/sdk` 1.x: `messages.create`, `stream`, the
 * beta of both, and the tool runner with its tools, also of clients made from it with `withOptions`. Each
 * call is a span below the current one; request and answer are kept whole, streamed answers put together,
 * each retry is an event. Keys and other headers are not recorded. What the caller gets stays as it was.
 *
 * @returns the same client
 * @example
 * const client = instrumentAnthropic(new Anthropic(), tracer);
 */
export function instrumentAnthropic<Client extends object>(
  client: Client,
  tracer: AgentTracer,
): Client {
  if (instrumented.get(client) === tracer) return client;
  const sdk = client as unknown as SdkClient;
  if (!Array.isArray(sdk.middleware)) {
    tracer.log.error(
      'instrumentAnthropic: the client has no middleware; @anthropic-ai/sdk 1.x has',
    );
    return client;
  }
  instrumented.set(client, tracer);
  // A client made by withOptions brings along what the first one had.
  sdk.middleware = [...sdk.middleware.filter(one => !ours.has(one)), middlewareOf(sdk, tracer)];
  for (const messages of [sdk.messages, sdk.beta?.messages]) {
    if (messages) watchMethods(messages, tracer);
  }
  const { withOptions } = sdk;
  if (withOptions) {
    hide(sdk, 'withOptions', function (this: SdkClient, ...args: unknown[]) {
      return instrumentAnthropic(withOptions.apply(this, args), tracer);
    });
  }
  return client;
}

/** Runs once for each attempt of a call. Nothing that fails in here reaches the caller. */
function middlewareOf(client: SdkClient, tracer: AgentTracer): SdkMiddleware {
  const calls = new WeakMap<SdkCallOptions, AnthropicCall>();
  let said = false;
  const guarded = <T>(fn: () => T): T | undefined => {
    const failed = (error: unknown): undefined => {
      if (!said) tracer.log.error(`instrumentAnthropic: ${errorText(error)}`);
      said = true;
    };
    try {
      const result = fn();
      return result instanceof Promise ? (result.catch(failed) as T) : result;
    } catch (error) {
      return failed(error);
    }
  };
  const callOf = (request: SdkRequest, options: SdkCallOptions): AnthropicCall => {
    const known = calls.get(options);
    if (known?.waits) return known;
    const call = newCall(request, options, client, tracer);
    calls.set(options, call);
    return call;
  };
  const middleware: SdkMiddleware = async (request, next, { options }) => {
    if (!options || !isMessagesCall(options)) return next(request);
    const call = guarded(() => {
      const one = callOf(request, options);
      one.attempt();
      return one;
    });
    if (!call) return next(request);
    let response: Response;
    try {
      response = await next(request);
    } catch (error) {
      guarded(() => call.threw(error));
      throw error;
    }
    return (await guarded(() => call.answered(response, request))) ?? response;
  };
  ours.add(middleware);
  return middleware;
}

const isMessagesCall = ({ method, path }: SdkCallOptions): boolean =>
  method?.toLowerCase() === 'post' && /^\/v1\/messages(\?|$)/.test(path ?? '');

function newCall(
  request: SdkRequest,
  options: SdkCallOptions,
  client: SdkClient,
  tracer: AgentTracer,
): AnthropicCall {
  // From its text, so that it is what was sent even if the agent changes its list of messages meanwhile.
  const body = typeof request.body === 'string' ? JSON.parse(request.body) : options.body;
  const model = textOf(fieldsOf(body).model) ?? '';
  const betas = request.headers.get('anthropic-beta')?.split(/\s*,\s*/);
  const metadata = { request: body, ...(betas && { betas }) };
  const store = places.getStore();
  const asked = store?.used ? undefined : store;
  const place = asked?.place;
  if (asked) asked.used = true;
  const span = tracer.openAt(`chat ${model}`.trim(), { kind: 'llm', metadata }, place);
  const version = request.headers.get('x-stainless-package-version');
  if (version) noteVersion(span.root.metadata, version);
  return new AnthropicCall(span, options, client.maxRetries, model, asked);
}

function noteVersion(run: Record<string, unknown>, version: string): void {
  const versions = fieldsOf(run.versions);
  if (versions['@anthropic-ai/sdk'] === undefined) {
    run.versions = { ...versions, '@anthropic-ai/sdk': version };
  }
}

const inSdk = /[\\/]@anthropic-ai[\\/]sdk[\\/]/;

/** Has each method remember who called it; the stack of the request itself no longer shows it. */
function watchMethods(messages: SdkMessages, tracer: AgentTracer): void {
  for (const name of ['create', 'stream', 'parse', 'toolRunner'] as const) {
    const original = messages[name];
    if (!original) continue;
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      // The outermost one is what the agent called.
      if (places.getStore()?.used === false) return original.apply(this, args);
      const found = tracer.sourceAbove(watched);
      const place = found && inSdk.test(found.file) ? undefined : found;
      const given = name === 'toolRunner' ? tracedRunnableTools(args, tracer, place) : args;
      const asked: Asked = { place, used: false, left: false };
      const result = places.run(asked, () => original.apply(this, given));
      if (name === 'stream') watchReader(result, asked);
      return result;
    };
    hide(messages, name, watched);
  }
}

/** The SDK ends a stream whose reader leaves its loop as one that is aborted; here they are told apart. */
function watchReader(stream: unknown, reader: { left: boolean }): void {
  const { [Symbol.asyncIterator]: original } = (stream ?? {}) as Partial<AsyncIterable<unknown>>;
  if (typeof original !== 'function') return;
  hide(stream as object, Symbol.asyncIterator, function (this: unknown) {
    const iterator = original.call(this as AsyncIterable<unknown>);
    const leave = iterator.return;
    if (leave) {
      iterator.return = (...args) => {
        reader.left = true;
        return leave.apply(iterator, args);
      };
    }
    return iterator;
  });
}

/** Puts a method over that of the class, where neither listing nor copying the object shows it. */
const hide = (target: object, name: string | symbol, value: unknown): void =>
  void Object.defineProperty(target, name, { value, configurable: true, writable: true });
