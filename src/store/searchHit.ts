import { type Metadata, readMetadata } from '../core/metadata.ts';
import type { RunSummary, Span } from '../core/model.ts';
import type { Leaf } from '../core/query/plan.ts';
import { type Snippet, snippetOf } from '../core/query/snippet.ts';
import { keepRecorded } from '../core/recordedJson.ts';
import { contentText, requestText, responseText } from '../core/transcript.ts';
import type { SearchHit, SearchPlace } from '../protocol/search.ts';
import type { RunView } from './runView.ts';
import type { Asked } from './searchPlan.ts';
import type { SearchedSpan } from './searchSpan.ts';
import { type TextSearch, textRow } from './searchTexts.ts';
import { fieldText } from './texts.ts';

// To tell the prompt from the answer, metadata is read as JSON; beyond this size it is only metadata.
const parsedBytes = 8 * 1024 * 1024;

type FoundAt = { readonly where: SearchPlace; readonly snippet: Snippet };

/** What is shown of a span that was found. */
export function hitOf(
  view: RunView,
  { node, row }: SearchedSpan,
  run: RunSummary,
  own: readonly Leaf[],
  asked: Asked,
): SearchHit {
  const { span } = node;
  const sought = own.find(leaf => leaf.sought)?.sought;
  const found = sought && whereIs(view, span, row, run, asked.searchFor(sought));
  return {
    run,
    spanId: span.spanId,
    name: span.name,
    kind: span.kind,
    toolName: span.toolName,
    status: span.status,
    recovered: view.recovered.has(node),
    start: span.start,
    end: span.end,
    where: found?.where,
    snippet: found?.snippet.text ?? '',
    matches: found?.snippet.matches ?? [],
  };
}

function whereIs(
  { source }: RunView,
  { toolName }: Span,
  row: number,
  run: RunSummary,
  search: TextSearch,
): FoundAt | undefined {
  const at = (where: SearchPlace, text: string | undefined): FoundAt | undefined => {
    const found = text === undefined ? undefined : search.inText(text);
    return found && text !== undefined ? { where, snippet: snippetOf(text, found) } : undefined;
  };
  const read = textRow(source, row);
  const outside =
    at('error', source.error(row)) ??
    at('name', read?.name && new TextDecoder().decode(read.name)) ??
    at('name', toolName);
  if (outside) return outside;
  const inMetadata = read && read.size <= parsedBytes ? source.metadata(row) : undefined;
  for (const [where, text] of recordedTexts(inMetadata)) {
    const found = at(where, text());
    if (found) return found;
  }
  const raw = inMetadata ?? (read?.metadata && new TextDecoder().decode(read.metadata));
  const found = raw === undefined ? undefined : search.inRecorded(raw);
  if (raw !== undefined && found) return { where: 'metadata', snippet: snippetOf(raw, found) };
  return (
    at('run', run.name) ??
    at('run', run.runId) ??
    at('run', run.sessionId) ??
    at('run', run.error) ?? { where: 'metadata', snippet: { text: '', matches: [] } }
  );
}

/** What is new in a span before what it was given: a prompt repeats all that was said. */
function* recordedTexts(
  recorded: string | undefined,
): Iterable<readonly [SearchPlace, () => string | undefined]> {
  if (recorded === undefined) return;
  const metadata: Metadata = readMetadata(recorded);
  keepRecorded(metadata.fields, recorded);
  const { toolInput, toolResult, response, output, request, input } = metadata;
  yield ['toolInput', () => fieldText(recorded, metadata, 'tool_input', toolInput)];
  yield ['toolResult', () => (toolResult === undefined ? undefined : contentText(toolResult))];
  yield ['response', () => responseText(response ?? output)];
  yield ['prompt', () => requestText(request ?? input)];
}
