import * as vscode from 'vscode';
import { spanMark, toolBeside } from '../core/describe.ts';
import { formatAge, integer } from '../core/format.ts';
import { unlinked } from '../core/inert.ts';
import type { UnixMs } from '../core/model.ts';
import type { FileId } from '../protocol/reader.ts';
import type { SearchHit, SearchPlace } from '../protocol/search.ts';
import { iconOf } from './icons.ts';
import { nameOf } from './treeItems.ts';
import { words } from './words.ts';

/** A span that was found, as a row of a list. */
export interface HitItem extends vscode.QuickPickItem {
  readonly file: FileId;
  readonly hit: SearchHit;
}

export function hitItem(
  hit: SearchHit,
  file: FileId,
  fileName: string,
  typed: string,
  now: UnixMs,
): HitItem {
  const { name, run, where, snippet } = hit;
  const tool = toolBeside(hit);
  const label = tool ? `${nameOf(name)} ${nameOf(tool)}` : nameOf(name);
  const place = where && placeWords()[where];
  const isRoot = hit.spanId === run.rootSpanId;
  const description = [
    place,
    isRoot ? '' : nameOf(run.name),
    formatAge(run.start, now, words()),
    fileName,
  ];
  return {
    label: unmatched(unlinked(label), typed),
    description: unlinked(description.filter(Boolean).join(' · ')),
    // The label says a name already.
    ...(snippet && snippet !== name && { detail: unlinked(snippet) }),
    iconPath: iconOf(hit.kind, spanMark(hit, hit)),
    alwaysShow: true,
    file,
    hit,
  };
}

const placeWords = (): Readonly<Record<SearchPlace, string>> => {
  const t = vscode.l10n.t;
  return {
    name: t('name'),
    error: t('error'),
    prompt: t('prompt'),
    response: t('response'),
    toolInput: t('tool input'),
    toolResult: t('tool result'),
    metadata: t('metadata'),
    run: t('run'),
  };
};

const joiner = String.fromCodePoint(0x2060);
// A sign may be several letters long, as many an emoji is.
const signs = new Intl.Segmenter();

/** A list puts rows first whose label has what was typed; an unseen word joiner within keeps them in order. */
function unmatched(label: string, typed: string): string {
  const text = typed.trim();
  const at = text.length < 2 ? -1 : label.toLowerCase().indexOf(text.toLowerCase());
  const sign = at < 0 ? undefined : signs.segment(label).containing(at);
  const end = sign ? sign.index + sign.segment.length : 0;
  // What is but one sign cannot be taken apart.
  return end === 0 || end >= at + text.length
    ? label
    : label.slice(0, end) + joiner + label.slice(end);
}

export function progressWords(title: string, found: number, share: number | undefined): string {
  const t = vscode.l10n.t;
  const count = found === 1 ? t('1 found') : t('{0} found', integer(found));
  const searching = share === undefined ? '' : t('{0} % searched', Math.floor(share * 100));
  return [title, count, searching].filter(Boolean).join(' · ');
}
