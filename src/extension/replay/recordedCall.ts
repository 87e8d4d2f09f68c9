import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import type { Price } from '../../core/price.ts';
import { priceTable } from '../../core/priceTable.ts';
import type { RecordedCall } from '../../core/replay/callPlan.ts';
import { replayRequest } from '../../core/replay/replayRequest.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import type { FileId, SpanDetail } from '../../protocol/reader.ts';
import { ownPrices } from '../ownPrices.ts';
import { detailOf, longestDocument, wholeText } from '../textDocuments.ts';
import type { TraceFiles } from '../traceFiles.ts';
import { nameOf } from '../treeItems.ts';
import { localCallWords } from '../words.ts';

export interface LoadedCall extends RecordedCall {
  readonly ref: SpanRef;
  readonly detail: SpanDetail;
}

/**
 * A recorded call with its request, from the file.
 *
 * @throws TraceError where it has none that can be sent
 */
export async function recordedCall(files: TraceFiles, ref: SpanRef): Promise<LoadedCall> {
  const detail = await detailOf(files, ref);
  const { span } = detail;
  const name = nameOf(span.name);
  const metadata = await wholeText(files, ref, 'metadata');
  if (metadata && metadata.text.length < metadata.chars) {
    const sizes = [formatBytes(metadata.chars), formatBytes(longestDocument)];
    throw new TraceError('replayTooLarge', [name, ...sizes]);
  }
  const source = replayRequest(metadata?.text, name, localCallWords());
  const file = originFile(ref.file);
  const origin = { runId: span.runId, spanId: span.spanId, file, name };
  return { ref, detail, origin, source, span };
}

/** A file as a replay names it: the command line knows files by their paths. */
export function originFile(file: FileId): string {
  const { fsPath, scheme } = vscode.Uri.parse(file);
  return scheme === 'file' ? fsPath : file;
}

/** The user's own prices, before those of the table; undefined where there are none. */
export function allPrices(): readonly Price[] | undefined {
  const own = ownPrices();
  return own.length > 0 ? [...own, ...priceTable] : undefined;
}
