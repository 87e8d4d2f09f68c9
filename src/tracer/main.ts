// What `agent-trace-inspector/tracer` exports.
export type { PriceOverride, PriceOverrides } from '../core/priceOverrides.ts';
export type {
  RedactionLimits,
  RedactionMode,
  RedactionOptions,
} from '../core/redactionOptions.ts';
export type {
  UnpackedEvent as EventRecord,
  UnpackedSpan as SpanRecord,
} from '../core/rowPacker.ts';
export { rowsOf } from '../core/rowPacker.ts';
export type { Pruned, PruneLimits } from '../core/traceLimits.ts';
export type { Backend, BackendReport, Batch, EventRow, SpanRow } from '../core/traceRows.ts';
export { JsonLinesBackend } from '../node/jsonLinesBackend.ts';
export { SqliteBackend, type SqliteOptions } from '../node/sqliteBackend.ts';
export { AgentTracer } from './agentTracer.ts';
export { instrumentAnthropic } from './anthropic.ts';
export type { CallUsage } from './callUsage.ts';
export { MemoryBackend } from './memoryBackend.ts';
export type {
  HandleOptions,
  Log,
  Redact,
  RunOptions,
  SpanOptions,
  TracerOptions,
} from './options.ts';
export {
  type ExportResult,
  type ReadableOtelSpan,
  TraceFileExporter,
  TraceFileProcessor,
} from './otel.ts';
export { OtlpBackend, type OtlpOptions } from './otlpBackend.ts';
export type { Span } from './span.ts';
export type { ToolOptions } from './tracedTool.ts';
