import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { ClaudeAgents } from './claudeAgents.ts';
import { ClaudeCall, ClaudeTool, interruption } from './claudeCall.ts';
import { type ClaudeLine, envelopeOf, readLine, restOf } from './claudeLine.ts';
import { ClaudeScope } from './claudeScope.ts';
import type { FileReader, ImportSink, SourceReader } from './importFormat.ts';

/** Calls of one scope whose lines may still come. */
const mostOpenCalls = 16;
/** Prompts are not to stand in lists, so runs are named after their project. */
const nameless = 'Claude Code';

const commandLine = /^\s*<command-(?:name|message)>/;
/** What a person ran without the model: its lines are user lines all the same. */
const localLine =
  /^\s*(?:<(?:local-command|bash-|user-memory|task-notification)|Caveat: The messages below)/;

/** A transcript of Claude Code with its sub-agents. Lines are taken as they come, also while it is written. */
export class ClaudeTranscript implements SourceReader {
  readonly #sink: ImportSink;
  readonly #seen: Set<string>;
  readonly #agents = new ClaudeAgents();
  readonly #tools = new Map<string, ClaudeTool>();
  /** Has changed since it was handed over. */
  readonly #changed = new Set<ClaudeScope | ClaudeCall | ClaudeTool>();
  readonly #runs: ClaudeScope[] = [];
  /** What came before there was a run to put it in. */
  #early: { readonly name: string; readonly line: ClaudeLine; readonly number: number }[] = [];
  /** A command of the person's, which is a prompt if the model answers. */
  #command: ClaudeLine | undefined;
  #title: string | undefined;
  /** How many of the runs are over and handed over. */
  #forgotten = 0;
  #prompts = 0;
  /** Of lines that have no id of their own. */
  #unnamed = 0;

  constructor(sink: ImportSink, seen: Set<string>) {
    this.#sink = sink;
    this.#seen = seen;
  }

  file(name: string): FileReader {
    const agentId = /(?:^|\/)agent-([^/]+?)\.(?:jsonl|meta\.json)$/.exec(name)?.[1];
    if (name.endsWith('.meta.json')) {
      return {
        record: text => this.#agents.describe(agentId ?? '', fieldsOf(parsed(text))),
        end: () => undefined,
      };
    }
    return {
      record: (text, number) => this.#record(text, number, agentId),
      end: () => undefined,
    };
  }

  settle(): void {
    for (const one of this.#changed) {
      if (!(one instanceof ClaudeScope && one.isRepeated)) this.#sink.span(one.row());
    }
    this.#changed.clear();
    while (this.#forgotten < this.#runs.length - 1) this.#runs[this.#forgotten++]?.forget();
  }

  end(): void {
    const last = this.#runs.at(-1);
    for (const scope of [...this.#runs, ...this.#agents.scopes()]) this.#keepUnanswered(scope);
    for (const { name, line, number } of this.#early) {
      if (last) this.#event(last, name, line);
      else this.#sink.skipped('noRun', number);
    }
    this.#early = [];
    this.settle();
  }

  #record(text: string, number: number, agentId: string | undefined): void {
    const value = parsed(text);
    if (value === undefined) {
      this.#sink.skipped('notJson', number);
      return;
    }
    const fields = fieldsOf(value);
    if (Array.isArray(fields.loglines)) {
      for (const one of fields.loglines) this.#line(readLine(fieldsOf(one)), number, agentId);
      return;
    }
    this.#line(readLine(fields), number, agentId);
  }

  #line(line: ClaudeLine, number: number, agentId: string | undefined): void {
    if (line.type === '') {
      this.#sink.skipped('notRecord', number);
      return;
    }
    const { fields } = line;
    const data = fieldsOf(fields.data);
    const carried = fieldsOf(data.message);
    const of = textOf(data.agentId);
    if (data.type === 'agent_progress' && of !== undefined && textOf(carried.type) !== undefined) {
      // The whole line of a sub-agent, which need not have a file beside this one.
      this.#agents.link(of, textOf(fields.parentToolUseID));
      this.#line(readLine({ timestamp: fields.timestamp, ...carried }), number, of);
      return;
    }
    const agent = textOf(fields.agentId) ?? agentId ?? this.#agents.sidechainOf(line, this.#tools);
    if (agent !== undefined && line.uuid !== undefined && !this.#agents.isNew(agent, line.uuid)) {
      return;
    }
    if (line.type === 'assistant') this.#answer(line, number, agent);
    else if (line.type === 'user') this.#given(line, number, agent);
    else this.#other(line, number, agent);
  }

  #answer(line: ClaudeLine, number: number, agent: string | undefined): void {
    const request = textOf(line.fields.requestId);
    const id = textOf(line.message.id) ?? line.uuid ?? this.#idFor(line);
    const key = request === undefined ? id : `${id} ${request}`;
    const scope = this.#scopeFor(line, agent, number);
    if (!scope) return;
    const time = line.time ?? scope.lastTime;
    let call = scope.calls.get(key);
    if (!call) {
      if (this.#seen.has(key)) {
        this.#sink.skipped('repeated', number);
        return;
      }
      const spanId = this.#seen.has(id) ? key : id;
      this.#seen.add(key).add(id);
      const place = { runId: scope.runId, parentSpanId: scope.spanId };
      call = new ClaudeCall(spanId, place, Math.min(scope.lastTime, time), scope.take());
      scope.calls.set(key, call);
      this.#forgetCalls(scope);
    }
    call.add(line, time, restOf(line.fields, scope.envelope, ['message', 'type', 'sessionId']));
    this.#changed.add(call);
    for (const block of line.blocks) if (block.type === 'tool_use') this.#asked(block, scope, time);
    scope.isRepeated = scope.isCancelled = false;
    scope.isOver = call.isLast;
    scope.output = call.text || scope.output;
    this.#touch(scope, time);
  }

  #asked(block: Fields, scope: ClaudeScope, time: number): void {
    const id = textOf(block.id);
    if (id === undefined || this.#seen.has(id)) return;
    this.#seen.add(id);
    const place = { runId: scope.runId, parentSpanId: scope.spanId };
    const tool = new ClaudeTool(block, id, place, time);
    this.#tools.set(id, tool);
    this.#agents.asked(tool);
    this.#changed.add(tool);
  }

  #given(line: ClaudeLine, number: number, agent: string | undefined): void {
    const results = line.blocks.filter(block => block.type === 'tool_result');
    if (agent === undefined && results.length === 0 && this.#isPrompt(line)) {
      if (line.time === undefined) {
        this.#sink.skipped('noTime', number);
        return;
      }
      this.#begin(line, line.time);
      return;
    }
    if (agent === undefined && commandLine.test(line.text)) {
      if (this.#command) this.#outside('command', this.#command, number);
      this.#command = line;
      return;
    }
    const scope = agent === undefined ? this.#runs.at(-1) : this.#scopeFor(line, agent, number);
    const ofPerson = agent === undefined && results.length === 0;
    if (!scope || (ofPerson && (this.#command || localLine.test(line.text)))) {
      this.#outside('message', line, number);
      return;
    }
    const time = line.time ?? scope.lastTime;
    for (const result of results) this.#result(result, line, scope, time, number);
    if (interruption.test(line.text)) {
      scope.isCancelled = scope.isOver = true;
      this.#cancelTools(scope, time);
      this.#event(scope, 'interrupted', line);
    } else {
      scope.waiting.push(line.message);
      scope.isOver = false;
      if (line.fields.isCompactSummary === true) this.#event(scope, 'compact_summary', line);
    }
    this.#touch(scope, time);
  }

  #isPrompt({ fields, text, blocks }: ClaudeLine): boolean {
    return (
      fields.isMeta !== true &&
      fields.isCompactSummary !== true &&
      (text.trim() !== '' || blocks.length > 0) &&
      !interruption.test(text) &&
      !commandLine.test(text) &&
      !localLine.test(text)
    );
  }

  #result(
    result: Fields,
    line: ClaudeLine,
    scope: ClaudeScope,
    time: number,
    number: number,
  ): void {
    const id = textOf(result.tool_use_id) ?? '';
    const tool = this.#tools.get(id);
    if (!tool) {
      if (this.#seen.has(id)) this.#sink.skipped('repeated', number);
      else this.#event(scope, 'tool_result', line);
      return;
    }
    this.#tools.delete(id);
    tool.finish(result, line, scope.envelope, time);
    this.#changed.add(tool);
    const agentId = textOf(fieldsOf(line.fields.toolUseResult).agentId);
    if (agentId !== undefined) this.#agents.link(agentId, id);
    const agent = this.#agents.startedBy(tool);
    if (!agent) return;
    agent.isOver = fieldsOf(line.fields.toolUseResult).status !== 'async_launched';
    this.#changed.add(agent);
  }

  /** Lines that are no message: each happened at a moment. */
  #other(line: ClaudeLine, number: number, agent: string | undefined): void {
    const { fields, type } = line;
    if (type === 'ai-title' || type === 'custom-title' || type === 'summary') {
      this.#title = textOf(fields.aiTitle ?? fields.customTitle ?? fields.summary) ?? this.#title;
    }
    const kind = textOf(fields.subtype) ?? textOf(fieldsOf(fields.data).type);
    const name = kind === undefined ? type : `${type}.${kind}`;
    const scope = agent === undefined ? this.#runs.at(-1) : this.#scopeFor(line, agent, number);
    if (!scope) {
      this.#outside(name, line, number);
      return;
    }
    this.#event(scope, name, line);
  }

  /** The run or sub-agent that a line is of; one begins with its first line. */
  #scopeFor(
    line: ClaudeLine,
    agentId: string | undefined,
    number: number,
  ): ClaudeScope | undefined {
    if (agentId !== undefined) {
      const known = this.#agents.get(agentId);
      if (known) return known;
      if (line.time === undefined) {
        this.#sink.skipped('noTime', number);
        return undefined;
      }
      const scope = this.#agents.begin(agentId, line, line.time, this.#runs);
      this.#changed.add(scope);
      return scope;
    }
    const run = this.#runs.at(-1);
    if (run && !this.#command) return run;
    const time = this.#command?.time ?? line.time;
    if (time === undefined) {
      this.#sink.skipped('noTime', number);
      return undefined;
    }
    // An answer to no prompt that is there, as of a file whose beginning was cut off, is in a run all the same.
    return this.#begin(this.#command ?? line, time);
  }

  #begin(line: ClaudeLine, time: number): ClaudeScope {
    const before = this.#runs.at(-1);
    if (before) this.#close(before);
    const { fields } = line;
    const isPrompt = line.type === 'user';
    this.#prompts++;
    const runId = line.uuid ?? this.#idFor(line);
    const envelope = envelopeOf(fields);
    const run = new ClaudeScope({
      spanId: runId,
      runId,
      parentSpanId: undefined,
      name: `${folderIn(textOf(fields.cwd)) ?? nameless} #${this.#prompts}`,
      start: time,
      envelope,
      metadata: {
        session_id: fields.sessionId,
        input: isPrompt ? line.text || line.message.content : undefined,
        session_title: this.#title,
        prompt: isPrompt ? restOf(fields, envelope, ['message', 'type']) : undefined,
      },
    });
    run.isRepeated = this.#seen.has(runId);
    this.#seen.add(runId);
    if (isPrompt) run.waiting.push(line.message);
    this.#runs.push(run);
    this.#touch(run, time);
    if (this.#command && this.#command !== line) this.#outside('command', this.#command, 0);
    this.#command = undefined;
    const early = this.#early;
    this.#early = [];
    for (const one of early) {
      if (one.line.fields.isMeta === true && one.name === 'message') {
        run.waiting.push(one.line.message);
      } else this.#event(run, one.name, one.line);
    }
    return run;
  }

  /** The next prompt came: what was before is over, however it went. */
  #close(run: ClaudeScope): void {
    this.#keepUnanswered(run);
    run.calls.clear();
    if (run.isOver) return;
    run.isOver = true;
    this.#changed.add(run);
  }

  #keepUnanswered(scope: ClaudeScope): void {
    for (const message of scope.take()) {
      if (scope.isRepeated || message.content === undefined) continue;
      this.#sink.event({
        type: 'event',
        spanId: scope.spanId,
        runId: scope.runId,
        time: scope.lastTime / 1000,
        name: 'unanswered',
        attributes: message,
      });
    }
  }

  /** Those that were under way have no other end. */
  #cancelTools(scope: ClaudeScope, time: number): void {
    for (const tool of this.#tools.values()) {
      if (tool.place.parentSpanId !== scope.spanId) continue;
      tool.cancel(time);
      this.#changed.add(tool);
    }
  }

  #touch(scope: ClaudeScope, time: number): void {
    scope.at(time);
    this.#changed.add(scope);
  }

  /** The same each time that the file is read. */
  #idFor(line: ClaudeLine): string {
    const session = textOf(line.fields.sessionId) ?? 'session';
    return `${session}@${line.time ?? 0}#${++this.#unnamed}`;
  }

  #outside(name: string, line: ClaudeLine, number: number): void {
    this.#early.push({ name, line, number });
  }

  #event(scope: ClaudeScope, name: string, line: ClaudeLine): void {
    if (scope.isRepeated) return;
    this.#sink.event({
      type: 'event',
      spanId: scope.spanId,
      runId: scope.runId,
      time: (line.time ?? scope.lastTime) / 1000,
      name,
      attributes: restOf(line.fields, scope.envelope, ['timestamp', 'sessionId']),
    });
  }

  #forgetCalls({ calls }: ClaudeScope): void {
    const [oldest] = calls.keys();
    if (calls.size > mostOpenCalls && oldest !== undefined) calls.delete(oldest);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off or damaged: its line is counted.
    return undefined;
  }
}

const folderIn = (cwd: string | undefined): string | undefined =>
  cwd?.split(/[\\/]/).filter(Boolean).at(-1);
