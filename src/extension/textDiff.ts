import * as vscode from 'vscode';
import { comparedName } from '../core/compareRuns.ts';
import { runStatusWords } from '../core/describe.ts';
import { fillIn } from '../core/errors.ts';
import { formatClock } from '../core/format.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { SpanDetail, TextPart } from '../protocol/reader.ts';
import { showInfo } from './errors.ts';
import { detailOf, type TextDocuments } from './textDocuments.ts';
import type { TraceFiles } from './traceFiles.ts';
import { nameOf } from './treeItems.ts';
import { words } from './words.ts';

/** The parts of spans that can be compared, most telling first. */
export const comparedParts = ['prompt', 'response', 'toolInput', 'toolResult', 'request'] as const;
export type ComparedPart = (typeof comparedParts)[number];

export function partName(part: TextPart): string {
  const t = vscode.l10n.t;
  const names: Partial<Record<TextPart, string>> = {
    prompt: t('Prompt'),
    response: t('Response'),
    toolInput: t('Tool Input'),
    toolResult: t('Tool Result'),
    request: t('Request JSON'),
  };
  return names[part] ?? part;
}

/** How a part stands in a title, inside a sentence. */
function partInTitle(part: TextPart): string {
  const t = vscode.l10n.t;
  const names: Partial<Record<TextPart, string>> = {
    prompt: t('prompt'),
    response: t('response'),
    toolInput: t('tool input'),
    toolResult: t('tool result'),
    request: t('request'),
  };
  return names[part] ?? part;
}

/** Opens one part of two spans in VS Code's own diff editor, over the read-only documents. */
export async function showDiff(
  { files, documents }: { readonly files: TraceFiles; readonly documents: TextDocuments },
  a: SpanRef,
  b: SpanRef,
  part: TextPart,
): Promise<void> {
  const [one, other] = await Promise.all([detailOf(files, a), detailOf(files, b)]);
  const [left, right] = await Promise.all([
    documents.uriOf(a, part, one.span.name),
    documents.uriOf(b, part, other.span.name),
  ]);
  if (!left || !right) {
    const t = vscode.l10n.t;
    const name = titleOf(left ? other : one);
    return showInfo(t('“{0}” recorded no {1} to compare.', name, partInTitle(part)));
  }
  const apart = one.run.runId !== other.run.runId;
  const sides = [one, other].map(side => titleOf(side) + (apart ? ofRun(side) : ''));
  const title = `${sides.join(' ↔ ')}, ${partInTitle(part)}`;
  await vscode.commands.executeCommand('vscode.diff', left, right, title);
}

/** The same calls of two runs are told apart by how their runs ended, and when. */
const ofRun = ({ run }: SpanDetail): string =>
  ` · ${[runStatusWords(run, words()), formatClock(run.start, words())].join(' ')}`;

function titleOf({ span, call }: SpanDetail): string {
  const name = nameOf(comparedName(span));
  return call && call.count > 1 ? `${name} (${fillIn(words().call, [call.index])})` : name;
}
