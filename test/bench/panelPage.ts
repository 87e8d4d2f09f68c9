// The built page in Chromium with a host that answers from memory, to measure what the page itself needs.
import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { errorTexts } from '../../src/core/errors.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { runFigures } from '../../src/core/runFigures.ts';
import { englishWords } from '../../src/core/words.ts';
import type { Waterfall } from '../../src/protocol/reader.ts';
import { inRepo } from '../tools/repo.ts';

const theme = {
  foreground: '#cccccc',
  'editor-background': '#1f1f1f',
  'panel-border': '#2b2b2b',
  'charts-blue': '#59a4f9',
  'charts-red': '#f14c4c',
  'charts-lines': '#cccccc80',
  'charts-foreground': '#cccccc',
  'icon-foreground': '#cccccc',
  'list-hoverBackground': '#2a2d2e',
  'list-inactiveSelectionBackground': '#37373d',
  'list-errorForeground': '#f88070',
  focusBorder: '#0078d4',
  'font-family': 'system-ui, sans-serif',
};

const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<style>:root { ${Object.entries(theme)
  .map(([name, value]) => `--vscode-${name}: ${value};`)
  .join(' ')} }</style>
<link rel="stylesheet" href="panel.css"></head>
<body class="vscode-dark"><div id="root" data-view="runs"></div><script src="host.js"></script>
<script type="module" src="panel.js"></script></body></html>`;

/**
 * What stands in for the extension, with so many runs alike. It keeps the columns of a waterfall, or the
 * first rows, back until `deliver` is called.
 */
function host(
  start: unknown,
  run: RunSummary,
  figures: unknown,
  runs: number,
  held: 'waterfall' | 'runRows',
): void {
  const totals = {
    ...{ runs: 1, failed: 1, running: 0, spans: run.spans, cost: run.cost, usage: run.usage },
    ...{
      pricedCost: run.pricedCost,
      unpricedCalls: 0,
      firstStart: run.start,
      lastStart: run.start,
    },
  };
  const answers: Readonly<Record<string, unknown>> = {
    ready: start,
    file: { name: 'bench.db', totals, staleness: undefined, bytes: 1e8 },
    figures,
  };
  const rowsOf = ({ offset, limit }: { offset: number; limit: number }): unknown => {
    const rows = Array.from({ length: Math.max(0, Math.min(limit, runs - offset)) }, (_, i) => ({
      kind: 'run',
      run: {
        ...run,
        ...(offset + i > 0 && { runId: `run-${offset + i}`, name: `agent_${offset + i}` }),
      },
    }));
    return { grouped: false, rows, total: runs, matching: runs, all: runs, places: [] };
  };
  let call: { readonly id: number; readonly args: readonly unknown[] } | undefined;
  const reply = (id: number, value: unknown): void =>
    window.postMessage({ kind: 'ok', id, value }, '*');
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (one: { kind: string; id: number; method: string; args: never[] }) => {
        if (one.kind !== 'call') return;
        if (one.method === held && !call) call = one;
        else if (one.method === 'runRows') reply(one.id, rowsOf(one.args[1] as never));
        else reply(one.id, answers[one.method]);
      },
      getState: () => undefined,
      setState: () => undefined,
    }),
    asked: () => call !== undefined,
    deliver: (columns: unknown) => reply(call?.id ?? 0, columns ?? rowsOf(call?.args[1] as never)),
  });
}

/** Opens the page with the run chosen and its columns asked for, but not there yet. */
export async function openPanel(browser: Browser, run: RunSummary): Promise<Page> {
  const page = await openPage(browser, run, 1, 'waterfall');
  await page.getByRole('row').filter({ hasText: run.name }).first().click();
  await page.waitForFunction(() => (window as unknown as { asked(): boolean }).asked());
  return page;
}

/** Opens the page at a list of so many runs, with its first rows asked for, but not there yet. */
export async function openTable(browser: Browser, run: RunSummary, runs: number): Promise<Page> {
  const page = await openPage(browser, run, runs, 'runRows');
  await page.waitForFunction(() => (window as unknown as { asked(): boolean }).asked());
  return page;
}

async function openPage(
  browser: Browser,
  run: RunSummary,
  runs: number,
  held: 'waterfall' | 'runRows',
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const view = { kind: 'runs', file: 'f' };
  const now = Date.now();
  const start = { words: englishWords, keys: {}, errorTexts, now, view };
  const figures = runFigures([run], { filter: 'all' }, () => true, now, 0);
  const bodies: Readonly<Record<string, { type: string; body: string }>> = {
    '/': { type: 'text/html', body: html },
    '/host.js': {
      type: 'text/javascript',
      body: `(${host})(${[start, run, figures, runs, held].map(one => JSON.stringify(one)).join(', ')});`,
    },
  };
  await page.route('http://panel.test/**', route => {
    const name = new URL(route.request().url()).pathname;
    const found = bodies[name];
    if (found) return route.fulfill({ contentType: found.type, body: found.body });
    const file = inRepo('dist', name.slice(1));
    return fs.existsSync(file) ? route.fulfill({ path: file }) : route.abort();
  });
  await page.goto('http://panel.test/');
  return page;
}

/** Typed arrays as texts: what is handed to a page is JSON. */
function packed(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { array: value.constructor.name, base64: bytes.toString('base64') };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, packed(one)]));
}

/**
 * Hands what was asked for to the page; resolves to the milliseconds from there until rows are painted.
 *
 * @param columns of a waterfall; without them, the first rows of a list
 */
export async function deliver(page: Page, columns?: Waterfall): Promise<number> {
  const row = columns ? '.wf-row' : '.run-row';
  const what = [columns && packed(columns), row] as const;
  return page.evaluate(async ([given, row]) => {
    const unpacked = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      if ('base64' in value && 'array' in value) {
        const bytes = Uint8Array.from(atob(String(value.base64)), char => char.charCodeAt(0));
        const made = Reflect.get(globalThis, String(value.array)) as typeof Float64Array;
        return new made(bytes.buffer);
      }
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unpacked(one)]));
    };
    const ready = unpacked(given);
    // What came before is not measured: let it be cleared away.
    await new Promise(resolve => setTimeout(resolve, 500));
    const painted = new Promise<number>(resolve => {
      const look = (): void => {
        if (!document.querySelector(row)) requestAnimationFrame(look);
        // A message is handled after the frame in whose callbacks we are was painted.
        else {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(0);
        }
      };
      requestAnimationFrame(look);
    });
    const start = performance.now();
    (window as unknown as { deliver(value: unknown): void }).deliver(ready);
    return (await painted) - start;
  }, what);
}

/** Milliseconds between frames while the rows are scrolled to where `top` says they are after some time. */
export async function framesOf(
  page: Page,
  list: '.wf-scroller' | '.run-scroller',
  how: 'steady' | 'drag',
  ms: number,
): Promise<readonly number[]> {
  return page.evaluate(
    ({ list, how, ms }) => {
      const scroller = document.querySelector(list);
      if (!scroller) throw new Error('There are no rows.');
      const whole = scroller.scrollHeight - scroller.clientHeight;
      scroller.scrollTop = 0;
      return new Promise<number[]>(resolve => {
        const frames: number[] = [];
        let begin = 0;
        let last = 0;
        const frame = (now: number): void => {
          if (begin === 0) begin = now;
          else frames.push(now - last);
          last = now;
          const passed = now - begin;
          scroller.scrollTop = how === 'drag' ? (whole * passed) / ms : 4 * passed;
          if (passed < ms) requestAnimationFrame(frame);
          else resolve(frames);
        };
        setTimeout(() => requestAnimationFrame(frame), 300);
      });
    },
    { list, how, ms },
  );
}

/** Milliseconds that a click on a twistie takes until the rows stand, folding and unfolding in turn. */
export async function foldTimes(
  page: Page,
  row: number,
  times: number,
): Promise<readonly number[]> {
  return page.evaluate(
    async ({ row, times }) => {
      const scroller = document.querySelector('.wf-scroller');
      if (!scroller) throw new Error('There are no rows.');
      scroller.scrollTop = 0;
      const taken: number[] = [];
      for (let i = 0; i < times; i++) {
        await new Promise(resolve => setTimeout(resolve, 120));
        const twistie = document.querySelector<HTMLElement>(`[data-row="${row}"] .wf-twistie`);
        if (!twistie) throw new Error(`Row ${row} is not drawn.`);
        const start = performance.now();
        twistie.click();
        // Asks for the layout, which otherwise waits for the next frame.
        scroller.getBoundingClientRect();
        taken.push(performance.now() - start);
      }
      return taken;
    },
    { row, times },
  );
}

/** What the page holds after a collection of garbage, in MB: its objects, and the buffers of its arrays. */
export async function heapOf(page: Page): Promise<{ objects: number; buffers: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const usage = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage;
  return { objects: (usedSize + embedderHeapUsedSize) / 1e6, buffers: backingStorageSize / 1e6 };
}
