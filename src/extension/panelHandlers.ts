import * as vscode from 'vscode';
import type { RunComparison } from '../core/compareRuns.ts';
import type {
  PanelApi,
  PanelCommand,
  PanelStart,
  RunPair,
  SpanRef,
  SpanTab,
} from '../protocol/panel.ts';
import type { ReplayView } from '../protocol/replay.ts';
import { compareInReader } from './compareInReader.ts';
import { showError } from './errors.ts';
import { findRuns } from './findRuns.ts';
import { type CommandId, runCommand } from './ids.ts';
import { insightHandlers } from './insightHandlers.ts';
import type { Insights } from './insights.ts';
import type { Log } from './log.ts';
import {
  asCommand,
  asImagePart,
  asLongText,
  asPart,
  asReplayAction,
  asRunRef,
  asSpanRef,
  asTab,
  asText,
} from './pageArguments.ts';
import type { ReplayPages } from './replay/replayPanel.ts';
import { asFiguresQuery, asRowsQuery } from './runArguments.ts';
import { clock } from './settings.ts';
import { copyText } from './spanTexts.ts';
import { showDiff } from './textDiff.ts';
import { type TextDocuments, wholeText } from './textDocuments.ts';
import type { TraceFiles } from './traceFiles.ts';
import { localErrorTexts, localStaleness, words } from './words.ts';

/** What the pages ask for, done. */
export interface PageServices {
  readonly files: TraceFiles;
  readonly documents: TextDocuments;
  readonly insights: Insights;
  readonly log: Log;
  readonly mac: boolean;
  readonly replaysRuns: boolean;
  /** Shows a span in the panel and selects it in the tree. */
  show(ref: SpanRef, tab?: SpanTab): Promise<void>;
  readonly replays: ReplayPages;
  /** Shows two runs in the compare page. */
  compareRuns(pair: RunPair): void;
}

export interface PageEvents {
  view(): PanelStart['view'];
  /** The page has loaded a span, whose name and icon are now known. */
  loaded?(detail: Awaited<ReturnType<PanelApi['span']>>): void;
  /** The page has got the replay that it shows. */
  replayed?(view: ReplayView | undefined): void;
  /** The page has got the runs that it compares. */
  compared?(comparison: RunComparison, pair: RunPair): void;
}

/** @param cancelled of the call that the handlers are made for */
export function panelHandlers(
  services: PageServices,
  page: PageEvents,
  cancelled?: AbortSignal,
): PanelApi {
  const { files, documents, log } = services;
  /** The page only logs what fails here, so the user is told by us. */
  const act = async <T>(doing: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      showError(log, doing, error);
      throw error;
    }
  };
  return {
    ready: async () => ({
      words: words(),
      errorTexts: localErrorTexts(),
      keys: keyNames(services.mac),
      markKey: services.mac ? '⌘' : 'Ctrl',
      replaysRuns: services.replaysRuns,
      now: Date.now(),
      view: page.view(),
    }),
    span: async given => {
      const { file, spanId } = asSpanRef(given);
      const detail = await files.use(file, reader => reader.span(file, spanId, clock()), cancelled);
      page.loaded?.(detail);
      return detail;
    },
    file: async given => {
      const file = asText(given);
      const totals = await files.use(file, reader => reader.totals(file, clock()));
      const { name, info, following, behind } = files.get(file) ?? {};
      return {
        name: name ?? file,
        totals,
        staleness: info?.staleness && localStaleness(info.staleness),
        droppedSpans: info?.droppedSpans,
        bytes: info?.bytes ?? 0,
        following: following ?? true,
        behind: behind ?? false,
      };
    },
    runRows: async (given, query) => {
      const file = asText(given);
      const asked = { ...asRowsQuery(query), clock: clock() };
      await findRuns(files, file, asked, cancelled);
      return files.use(file, reader => reader.runRows(file, asked), cancelled);
    },
    figures: async (given, query) => {
      const file = asText(given);
      const asked = { ...asFiguresQuery(query), clock: clock() };
      await findRuns(files, file, asked, cancelled);
      return files.use(file, reader => reader.figures(file, asked), cancelled);
    },
    waterfall: async (given, runId) => {
      const [file, run] = [asText(given), asText(runId)];
      return files.use(file, reader => reader.waterfall(file, run, clock()), cancelled);
    },
    show: (ref, tab) => act('show', () => services.show(asSpanRef(ref), asTab(tab))),
    showRun: (given, runId) =>
      act('show', async () => {
        const file = asText(given);
        const run = await files.use(file, reader => reader.run(file, asText(runId), clock()));
        await services.show({ file, spanId: run.rootSpanId });
      }),
    run: async (command, ref) => {
      await runCommand(commandOf(asCommand(command)), ref && asSpanRef(ref));
    },
    openText: (ref, part) =>
      act('open', async () => void (await documents.show(asSpanRef(ref), asPart(part)))),
    copy: text => act('copy', async () => vscode.env.clipboard.writeText(asLongText(text))),
    copyPart: (ref, part) => act('copy', () => copyText(files, asSpanRef(ref), asPart(part))),
    more: (ref, part) =>
      act('read on', async () => {
        const slice = await wholeText(files, asSpanRef(ref), asPart(part), 1 << 20);
        return slice?.text ?? '';
      }),
    compareRuns: (a, b) =>
      act('compare', async () => services.compareRuns({ a: asRunRef(a), b: asRunRef(b) })),
    comparison: async (a, b) => {
      const pair = { a: asRunRef(a), b: asRunRef(b) };
      const found = await compareInReader(files, pair, cancelled);
      page.compared?.(found, pair);
      return found;
    },
    compareTexts: (a, b, part) =>
      act('compare', () => showDiff(services, asSpanRef(a), asSpanRef(b), asPart(part))),
    readAgain: given => act('refresh', () => files.refresh(asText(given))),
    follow: (given, following) =>
      act('follow', () => files.follow(asText(given), following === true)),
    image: async (ref, part, key) => {
      const { file, spanId } = asSpanRef(ref);
      return files.use(
        file,
        reader => reader.image(file, spanId, asImagePart(part), asText(key)),
        cancelled,
      );
    },
    replay: async saved => {
      const view = await services.replays.view(saved && asSpanRef(saved));
      page.replayed?.(view);
      return view;
    },
    replayAct: action => act('replay', () => services.replays.act(asReplayAction(action))),
    ...insightHandlers(services, cancelled),
  };
}

const commandOf = (command: PanelCommand): CommandId => `agentTraces.${command}`;

/** As package.json binds them. */
function keyNames(mac: boolean): PanelStart['keys'] {
  const alt = mac ? '⌥' : 'Alt+';
  const shift = mac ? '⇧' : 'Shift+';
  return {
    goToCause: `${alt}C`,
    goToNextFailure: `${alt}F8`,
    goToPreviousFailure: mac ? `${alt}${shift}F8` : `${shift}${alt}F8`,
    goToNextCall: mac ? '⌥↓' : 'Alt+Down',
    goToPreviousCall: mac ? '⌥↑' : 'Alt+Up',
    replaySpan: `${alt}R`,
  };
}
