import { type Span, type SpanKind, spanKinds } from './model.ts';

/**
 * The small keys of a span's metadata which say what it is. A list may read these for the rows it
 * shows; the names are those of the conventions in use (OpenTelemetry GenAI, OpenInference, OpenLLMetry,
 * LangSmith, Langfuse, MLflow, Vercel AI SDK, Claude Code).
 */
export const kindKeys = [
  'kind',
  'openinference.span.kind',
  'gen_ai.operation.name',
  'traceloop.span.kind',
  'langsmith.span.kind',
  'langfuse.observation.type',
  'mlflow.spanType',
  'span.type',
  'ai.operationId',
  'tool_name',
  'gen_ai.tool.name',
  'tool.name',
  'db.system',
] as const;
export type KindKey = (typeof kindKeys)[number];
export type KindHints = Readonly<Partial<Record<KindKey, unknown>>>;

export interface KindFacts {
  readonly hints: KindHints;
  readonly name: string;
  readonly model: string | undefined;
  readonly hasTokens: boolean;
  readonly isRoot: boolean;
  readonly hasChildren: boolean;
}

// A map, not an object: `constructor` is a word that a file may hold.
const byWord: ReadonlyMap<string, SpanKind> = new Map<string, SpanKind>([
  // OpenInference, OpenLLMetry, LangSmith, Langfuse, MLflow
  ['llm', 'llm'],
  ['embedding', 'llm'],
  ['embeddings', 'llm'],
  ['generation', 'llm'],
  ['chat_model', 'llm'],
  ['chain', 'chain'],
  ['workflow', 'chain'],
  ['task', 'chain'],
  ['retriever', 'retrieval'],
  ['reranker', 'retrieval'],
  ['memory', 'retrieval'],
  ['tool', 'tool'],
  ['agent', 'agent'],
  ['session', 'agent'],
  ['guardrail', 'other'],
  ['evaluator', 'other'],
  ['prompt', 'other'],
  ['parser', 'other'],
  // OpenTelemetry GenAI operations
  ['chat', 'llm'],
  ['text_completion', 'llm'],
  ['generate_content', 'llm'],
  ['completion', 'llm'],
  ['execute_tool', 'tool'],
  ['invoke_agent', 'agent'],
  ['create_agent', 'agent'],
  ['invoke_workflow', 'chain'],
  ['plan', 'chain'],
  ['retrieval', 'retrieval'],
  ['execute_hook', 'other'],
  // Claude Code
  ['llm_request', 'llm'],
  ['interaction', 'agent'],
  ['hook', 'other'],
  // The wait and the run inside a tool span; the tool is counted once.
  ['tool.blocked_on_user', 'other'],
  ['tool.execution', 'other'],
]);

const conventionKeys = [
  'openinference.span.kind',
  'gen_ai.operation.name',
  'traceloop.span.kind',
  'langsmith.span.kind',
  'langfuse.observation.type',
  'mlflow.spanType',
  'span.type',
] as const;

/** A call of a tool, retrievals among them. */
export const isToolCall = ({ kind }: Pick<Span, 'kind'>): boolean =>
  kind === 'tool' || kind === 'retrieval';

/** What a span is: its own word for it, else the conventions' keys, else what its columns suggest. */
export function decideKind(facts: KindFacts): SpanKind {
  const { hints } = facts;
  const own = spanKinds.find(kind => kind === word(hints.kind));
  if (own) return own;
  for (const key of conventionKeys) {
    const said = word(hints[key]);
    const kind = byWord.get(said) ?? (said.endsWith('_memory') ? 'retrieval' : undefined);
    if (kind) return kind;
  }
  const claude = /^claude_code\.(.+)$/.exec(facts.name)?.[1];
  if (claude !== undefined) return byWord.get(claude) ?? 'other';
  const vercel = word(hints['ai.operationId']);
  if (vercel) {
    if (/\.do(generate|stream|embed)$/.test(vercel)) return 'llm';
    return vercel === 'ai.toolcall' ? 'tool' : 'chain';
  }
  if (toolNameOf(hints) !== undefined) return 'tool';
  // A vector store's span may name its embedding model; only tokens tell a call from it.
  if (facts.model && facts.hasTokens) return 'llm';
  if (hints['db.system'] !== undefined && hints['db.system'] !== null) return 'retrieval';
  if (facts.model || facts.hasTokens || /^llm/i.test(facts.name)) return 'llm';
  return facts.isRoot || facts.hasChildren ? 'agent' : 'other';
}

/** The name of the tool a span ran, where it recorded one. */
export function toolNameOf(hints: KindHints): string | undefined {
  for (const key of ['tool_name', 'gen_ai.tool.name', 'tool.name'] as const) {
    const value = hints[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

const word = (value: unknown): string =>
  typeof value === 'string' ? value.trim().toLowerCase() : '';
