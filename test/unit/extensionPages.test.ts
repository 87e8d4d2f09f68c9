import assert from 'node:assert/strict';
import { errorTexts, TraceError } from '../../src/core/errors.ts';
import type { Log } from '../../src/extension/log.ts';
import type { PageServices } from '../../src/extension/panelHandlers.ts';
import type { Platform } from '../../src/extension/platform.ts';
import { serve as serveReader } from '../../src/node/serve.ts';
import { type PanelApi, panelMethods } from '../../src/protocol/panel.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { readerMethods } from '../../src/protocol/readerMethods.ts';
import { asApi, Caller, type Reply, type Request } from '../../src/protocol/rpc.ts';
import { EventEmitter, toasts, Uri } from './support/vscode.ts';

const { panelHandlers } = await import('../../src/extension/panelHandlers.ts');
const { TraceFiles } = await import('../../src/extension/traceFiles.ts');
const { serve } = await import('../../src/extension/webviewHost.ts');

const log = { info: () => undefined, error: () => undefined } as unknown as Log;
const uri = Uri.file('/a.db');
const file = uri.toString();
const ref = (spanId: string) => ({ file, spanId });

/** A page, its host and a reader's process in one, joined by their protocols. */
function joined(reading: Partial<ReaderApi>) {
  const sent: Request[] = [];
  let onSent: (request: Request) => void = () => undefined;
  const toReader = new Caller<ReaderApi>(request => {
    sent.push(request);
    receive(request);
    onSent(request);
  });
  const reader = { open: async () => ({}), totals: async () => ({}), ...reading };
  const receive = serveReader(reader as ReaderApi, reply => toReader.receive(reply));
  const api = asApi(toReader, readerMethods);
  const files = new TraceFiles({ reader: api, readsPaths: true } as unknown as Platform, log);
  files.add(uri as unknown as Parameters<typeof files.add>[0], true);

  const messages = new EventEmitter<unknown>();
  const page = new Caller<PanelApi>(request => messages.fire(request));
  const webview = {
    onDidReceiveMessage: messages.event,
    postMessage: async (reply: Reply) => page.receive(reply),
  };
  const services = { files, log, mac: false } as unknown as PageServices;
  const events = { view: () => ({ kind: 'runs', shown: undefined, file }) as const };
  const served = serve(
    webview as unknown as Parameters<typeof serve>[0],
    cancelled => panelHandlers(services, events, cancelled),
    log,
  );
  const asked = (method: string) =>
    new Promise<void>(resolve => {
      onSent = request => request.kind === 'call' && request.method === method && resolve();
    });
  return { page, api: asApi(page, panelMethods), sent, asked, served, files, messages };
}

describe('a page and its host', () => {
  beforeEach(() => toasts.splice(0));

  it('let the reader drop a span that nobody waits for any more', async () => {
    const read: string[] = [];
    const span = async (_: string, spanId: string) => {
      read.push(spanId);
      return { span: { spanId } } as never;
    };
    const { page, sent, asked, files } = joined({ span });
    await files.open(file);
    const waiting = asked('span');
    const first = page.call('span', ref('a'));
    await waiting;
    const dropped = assert.rejects(first, { code: 'cancelled' });
    first.cancel();
    const second = await page.call('span', ref('b'));
    await dropped;
    assert.equal(second.span.spanId, 'b');
    assert.deepEqual(read, ['b'], 'the reader never looked for the first');
    assert.equal(sent.filter(one => one.kind === 'cancel').length, 1);
  });

  it('do not ask the reader at all where the page cancelled before its file was read', async () => {
    const read: string[] = [];
    const opening = Promise.withResolvers<never>();
    const { page, asked, sent } = joined({
      open: () => opening.promise,
      span: async (_, spanId) => read.push(spanId) as never,
    });
    const waiting = asked('open');
    const first = page.call('span', ref('a'));
    await waiting;
    const dropped = assert.rejects(first, { code: 'cancelled' });
    first.cancel();
    const second = page.call('span', ref('b'));
    opening.resolve({} as never);
    await Promise.all([second, dropped]);
    assert.deepEqual(read, ['b']);
    assert.equal(sent.filter(one => one.kind === 'call' && one.method === 'span').length, 1);
  });

  it('cancel what is open when the panel is closed', async () => {
    const { page, asked, served, sent } = joined({ span: () => new Promise(() => undefined) });
    const waiting = asked('span');
    page.call('span', ref('a')).catch(() => undefined);
    await waiting;
    served.dispose();
    assert.equal(sent.at(-1)?.kind, 'cancel');
  });

  it('take cancelling of what is not open, or is no call, for nothing', async () => {
    const { messages, api } = joined({});
    for (const message of [{ kind: 'cancel', id: 99 }, { kind: 'cancel', id: 'x' }, null, 7]) {
      messages.fire(message);
    }
    assert.equal((await api.ready()).view.kind, 'runs');
  });

  it('begin with the words of everything that may fail', async () => {
    const { api } = joined({});
    const { errorTexts: given, words } = await api.ready();
    assert.deepEqual(given, errorTexts);
    assert.equal(words.failed, 'failed');
  });

  it('say so where the rest of a text cannot be read', async () => {
    const { api } = joined({ text: () => Promise.reject(new TraceError('spanMissing')) });
    await assert.rejects(api.more(ref('a'), 'prompt'), { code: 'spanMissing' });
    assert.match(toasts[0]?.words ?? '', /no longer in the file/);
  });
});
