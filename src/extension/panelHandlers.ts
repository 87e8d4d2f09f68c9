import * as vscode from 'vscode';
import type { PanelApi, PanelCommand, PanelStart, SpanRef } from '../protocol/panel.ts';
import { showError } from './errors.ts';
import { type CommandId, runCommand } from './ids.ts';
import type { Log } from './log.ts';
import {
  asCommand,
  asCount,
  asFilter,
  asLongText,
  asPart,
  asSpanRef,
  asText,
} from './pageArguments.ts';
import { clock } from './settings.ts';
import { copyText } from './spanTexts.ts';
import { type TextDocuments, wholeText } from './textDocuments.ts';
import type { TraceFiles } from './traceFiles.ts';
import { words } from './words.ts';

/** What the pages ask for, done. */
export interface PageServices {
  readonly files: TraceFiles;
  readonly documents: TextDocuments;
  readonly log: Log;
  readonly mac: boolean;
  /** Shows a span in the panel and selects it in the tree. */
  show(ref: SpanRef): Promise<void>;
}

export interface PageEvents {
  view(): PanelStart['view'];
  /** The page has loaded a span, whose name and icon are now known. */
  loaded?(detail: Awaited<ReturnType<PanelApi['span']>>): void;
}

export function panelHandlers(services: PageServices, page: PageEvents): PanelApi {
  const { files, documents, log } = services;
  /** The page only logs what fails here, so the user is told by us. */
  const act = async (doing: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      showError(log, doing, error);
      throw error;
    }
  };
  return {
    ready: async () => ({
      words: words(),
      keys: keyNames(services.mac),
      now: Date.now(),
      view: page.view(),
    }),
    span: async given => {
      const { file, spanId } = asSpanRef(given);
      const detail = await files.use(file, reader => reader.span(file, spanId, clock()));
      page.loaded?.(detail);
      return detail;
    },
    file: async given => {
      const file = asText(given);
      const totals = await files.use(file, reader => reader.totals(file, clock()));
      const { name, info } = files.get(file) ?? {};
      return {
        name: name ?? file,
        totals,
        staleness: info?.staleness,
        bytes: info?.bytes ?? 0,
      };
    },
    runs: async (given, filter, offset, limit) => {
      const file = asText(given);
      const query = {
        filter: asFilter(filter),
        offset: asCount(offset),
        limit: Math.min(asCount(limit), 1000),
        clock: clock(),
      };
      return files.use(file, reader => reader.runs(file, query));
    },
    waterfall: async (given, runId) => {
      const [file, run] = [asText(given), asText(runId)];
      return files.use(file, reader => reader.waterfall(file, run, clock()));
    },
    show: ref => act('show', () => services.show(asSpanRef(ref))),
    showRun: (given, runId) =>
      act('show', async () => {
        const file = asText(given);
        const run = await files.use(file, reader => reader.run(file, asText(runId), clock()));
        await runCommand('agentTraces.revealInRunTree', { file, spanId: run.rootSpanId });
      }),
    run: async (command, ref) => {
      await runCommand(commandOf(asCommand(command)), ref && asSpanRef(ref));
    },
    openText: (ref, part) => act('open', () => documents.show(asSpanRef(ref), asPart(part))),
    copy: text => act('copy', async () => vscode.env.clipboard.writeText(asLongText(text))),
    copyPart: (ref, part) => act('copy', () => copyText(files, asSpanRef(ref), asPart(part))),
    more: async (ref, part) => {
      const slice = await wholeText(files, asSpanRef(ref), asPart(part), 1 << 20);
      return slice?.text ?? '';
    },
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
    replaySpan: `${alt}R`,
  };
}
