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

/** What stands in for the extension. It keeps the columns back until `deliver` is called. */
function host(start: unknown, run: RunSummary, figures: unknown): void {
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
    runRows: {
      ...{ grouped: false, rows: [{ kind: 'run', run }], total: 1, matching: 1, all: 1 },
      places: [],
    },
    figures,
  };
  let held: number | undefined;
  const reply = (id: number, value: unknown): void =>
    window.postMessage({ kind: 'ok', id, value }, '*');
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (call: { kind: string; id: number; method: string }) => {
        if (call.kind !== 'call') return;
        if (call.method === 'waterfall') held = call.id;
        else reply(call.id, answers[call.method]);
      },
      getState: () => undefined,
      setState: () => undefined,
    }),
    asked: () => held !== undefined,
    deliver: (columns: unknown) => reply(held ?? 0, columns),
  });
}

/** Opens the page at the list of runs, with the run chosen and its columns asked for, but not there yet. */
export async function openPanel(browser: Browser, run: RunSummary): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const view = { kind: 'runs', file: 'f' };
  const now = Date.now();
  const start = { words: englishWords, keys: {}, errorTexts, now, view };
  const figures = runFigures([run], { filter: 'all' }, now, 0);
  const bodies: Readonly<Record<string, { type: string; body: string }>> = {
    '/': { type: 'text/html', body: html },
    '/host.js': {
      type: 'text/javascript',
      body: `(${host})(${[start, run, figures].map(one => JSON.stringify(one)).join(', ')});`,
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
  await page.getByRole('row').filter({ hasText: run.name }).first().click();
  await page.waitForFunction(() => (window as unknown as { asked(): boolean }).asked());
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

/** Hands the columns to the page; resolves to the milliseconds from there until rows are painted. */
export async function deliver(page: Page, columns: Waterfall): Promise<number> {
  return page.evaluate(async given => {
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
        if (!document.querySelector('.wf-row')) requestAnimationFrame(look);
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
  }, packed(columns));
}

/** Milliseconds between frames while the rows are scrolled to where `top` says they are after some time. */
export async function framesOf(
  page: Page,
  how: 'steady' | 'drag',
  ms: number,
): Promise<readonly number[]> {
  return page.evaluate(
    ({ how, ms }) => {
      const scroller = document.querySelector('.wf-scroller');
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
    { how, ms },
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
