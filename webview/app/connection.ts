import {
  type PanelApi,
  type PanelEvent,
  panelMethods,
  type RunPair,
  type SpanRef,
  type SpanTab,
} from '../../src/protocol/panel.ts';
import { asApi, Caller, type Reply } from '../../src/protocol/rpc.ts';
import type { OverviewSettings } from '../overview/saved.ts';
import type { KeptPlot } from '../waterfall/keptPlot.ts';
import type { Forms } from './forms.ts';

/** What a page keeps while it is hidden and across restarts. */
export interface Saved {
  readonly ref?: SpanRef | undefined;
  readonly tab?: SpanTab | undefined;
  readonly scroll?: number | undefined;
  /** Rows whose folding differs from how they are shown at first. */
  readonly folded?: readonly string[] | undefined;
  readonly forms?: Forms | undefined;
  readonly overview?: OverviewSettings | undefined;
  /** Of the run whose waterfall is shown. */
  readonly waterfall?: KeptPlot | undefined;
  /** The charts of a run's calls stand above its bars. */
  readonly callCharts?: boolean | undefined;
  /** Runs that are compared. */
  readonly pair?: RunPair | undefined;
  /** A replay that was shown. */
  readonly replay?: SpanRef | undefined;
}

export interface Connection {
  readonly api: PanelApi;
  /** For calls that may have to be cancelled. */
  readonly caller: Caller<PanelApi>;
  on(listener: (event: PanelEvent) => void): () => void;
  saved(): Saved;
  save(changes: Saved): void;
}

/** The page's one connection; VS Code hands its api out only once. */
export function connect(): Connection {
  const vscode = acquireVsCodeApi<Saved>();
  const caller = new Caller<PanelApi>(request => vscode.postMessage(request));
  const listeners = new Set<(event: PanelEvent) => void>();
  window.addEventListener('message', ({ data }: MessageEvent<Reply | PanelEvent>) => {
    if (data.kind === 'event') for (const listener of [...listeners]) listener(data);
    else caller.receive(data);
  });
  return {
    api: asApi(caller, panelMethods),
    caller,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    saved: () => vscode.getState() ?? {},
    save: changes => void vscode.setState({ ...vscode.getState(), ...changes }),
  };
}
