import { type Fields, textOf } from '../core/fields.ts';
import type { ClaudeTool } from './claudeCall.ts';
import { type ClaudeLine, envelopeOf } from './claudeLine.ts';
import { ClaudeScope } from './claudeScope.ts';

const agentTools = /^(?:Task|Agent)$/;

interface Known {
  /** The use of a tool that started it. */
  toolUseId: string | undefined;
  type: string | undefined;
  meta: Fields;
  scope: ClaudeScope | undefined;
  /** Lines of it are in its own file and, some of them, in its parent's. */
  readonly uuids: Set<string>;
}

/** What is kept of the use of a tool that starts one; its result may be long. */
interface Starter {
  readonly spanId: string;
  readonly runId: string;
  readonly type: string | undefined;
}

/** The sub-agents of a transcript, and which use of a tool started each. */
export class ClaudeAgents {
  readonly #agents = new Map<string, Known>();
  /** Of sub-agents whose lines stand in the file of their parent, by the uuid of each line. */
  readonly #sidechains = new Map<string, string>();
  readonly #starters = new Map<string, Starter>();

  get = (agentId: string): ClaudeScope | undefined => this.#agents.get(agentId)?.scope;

  scopes(): readonly ClaudeScope[] {
    return [...this.#agents.values()].flatMap(({ scope }) => scope ?? []);
  }

  /** From the small file that newer versions keep beside each. */
  describe(agentId: string, meta: Fields): void {
    const known = this.#known(agentId);
    known.meta = meta;
    known.type ??= textOf(meta.agentType);
    this.link(agentId, textOf(meta.toolUseId));
  }

  /** What started it may be known only once it is over. */
  link(agentId: string, toolUseId: string | undefined): void {
    const known = this.#known(agentId);
    known.toolUseId ??= toolUseId;
    this.#adopt(known);
  }

  /** Whether a line of a sub-agent was not read yet. */
  isNew(agentId: string, uuid: string): boolean {
    const { uuids } = this.#known(agentId);
    if (uuids.has(uuid)) return false;
    uuids.add(uuid);
    return true;
  }

  /** The sub-agent of a line in its parent's file, as older versions wrote them: found by its first line. */
  sidechainOf(line: ClaudeLine, tools: ReadonlyMap<string, ClaudeTool>): string | undefined {
    const { fields, uuid } = line;
    if (fields.isSidechain !== true || uuid === undefined) return undefined;
    const parent = textOf(fields.parentUuid);
    const known = parent === undefined ? undefined : this.#sidechains.get(parent);
    const agentId = known ?? `side-${uuid}`;
    this.#sidechains.set(uuid, agentId);
    if (known === undefined) {
      const waiting = [...tools.values()].filter(tool => agentTools.test(tool.name));
      const same = waiting.find(({ input }) => input.prompt === line.text);
      this.link(agentId, (same ?? waiting.at(-1))?.spanId);
    }
    return agentId;
  }

  /** A tool was asked for, which may start one. */
  asked(tool: ClaudeTool): void {
    if (!agentTools.test(tool.name)) return;
    const type = textOf(tool.input.subagent_type);
    this.#starters.set(tool.spanId, { spanId: tool.spanId, runId: tool.place.runId, type });
  }

  startedBy(tool: ClaudeTool): ClaudeScope | undefined {
    if (!agentTools.test(tool.name)) return undefined;
    for (const known of this.#agents.values()) {
      if (known.toolUseId !== tool.spanId) continue;
      this.#adopt(known);
      return known.scope;
    }
    return undefined;
  }

  /** @param runs of the transcript, in their order */
  begin(
    agentId: string,
    line: ClaudeLine,
    time: number,
    runs: readonly ClaudeScope[],
  ): ClaudeScope {
    const known = this.#known(agentId);
    const session = textOf(line.fields.sessionId) ?? 'session';
    const spanId = `${session}/agent-${agentId}`;
    const starter = this.#starters.get(known.toolUseId ?? '');
    const run =
      runs.find(one => one.runId === starter?.runId) ??
      runs.filter(one => one.start <= time).at(-1) ??
      runs[0];
    const scope = new ClaudeScope({
      spanId,
      runId: run?.runId ?? spanId,
      parentSpanId: run?.spanId,
      name: known.type ?? (/^a?compact/.test(agentId) ? 'compaction' : 'sub-agent'),
      start: time,
      envelope: envelopeOf(line.fields),
      metadata: {
        agent_id: agentId,
        session_id: line.fields.sessionId,
        input: line.type === 'user' ? line.text : undefined,
        ...(Object.keys(known.meta).length > 0 && { agent: known.meta }),
      },
    });
    known.scope = scope;
    this.#adopt(known);
    return scope;
  }

  #adopt(known: Known): void {
    const starter = this.#starters.get(known.toolUseId ?? '');
    if (!starter) return;
    known.type ??= starter.type;
    const { scope } = known;
    // In another run it would be nowhere: one that runs in the background may be left behind by a prompt.
    if (!scope || scope.runId !== starter.runId) return;
    scope.parentSpanId = starter.spanId;
    if (known.type !== undefined) scope.name = known.type;
  }

  #known(agentId: string): Known {
    const found = this.#agents.get(agentId);
    if (found) return found;
    const made = {
      toolUseId: undefined,
      type: undefined,
      meta: {},
      scope: undefined,
      uuids: new Set<string>(),
    };
    this.#agents.set(agentId, made);
    return made;
  }
}
