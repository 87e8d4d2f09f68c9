import { AgentTracer, MemoryBackend, type TracerOptions } from '../../../src/tracer/main.ts';

/** A tracer that keeps what it records in memory, and what it says. */
export function memoryTracer(options: TracerOptions = {}) {
  const memory = new MemoryBackend();
  const said: string[] = [];
  const log = {
    error: (text: string) => void said.push(text),
    info: (text: string) => void said.push(text),
  };
  const tracer = new AgentTracer({ backend: memory, log, git: false, signals: false, ...options });
  /** By name; each name stands for one span. */
  const rows = async () => {
    await tracer.flush();
    return new Map(
      [...memory.spans.values()].map(row => [
        row.name,
        { ...row, fields: JSON.parse(row.metadata) },
      ]),
    );
  };
  return { tracer, memory, said, rows };
}
