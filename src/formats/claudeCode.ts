import { fieldsOf, textOf } from '../core/fields.ts';
import { ClaudeTranscript } from './claudeTranscript.ts';
import type { ImportFormat } from './importFormat.ts';

const recordTypes =
  /^(?:user|assistant|system|summary|progress|file-history-snapshot|queue-operation|attachment|ai-title|custom-title|last-prompt|permission-mode|agent-name|mode)$/;

/** What Claude Code keeps of its sessions, below `~/.claude/projects`: a line for each thing that happened. */
export const claudeCode: ImportFormat = {
  id: 'claude-code',
  label: 'Claude Code transcript',
  takes: 'records',
  rewrites: true,
  detect({ values, keys }) {
    if (keys.has('loglines')) return true;
    return values.some(value => {
      const line = fieldsOf(value);
      const type = textOf(line.type);
      if (type === undefined || !recordTypes.test(type)) return false;
      return (
        textOf(line.uuid) !== undefined ||
        textOf(line.sessionId) !== undefined ||
        textOf(line.leafUuid) !== undefined ||
        (type === 'file-history-snapshot' && 'snapshot' in line)
      );
    });
  },
  open: (sink, seen) => new ClaudeTranscript(sink, seen),
  beside: {
    folder: name => `${name.replace(/\.jsonl$/, '')}/subagents`,
    belongs: name => /\.(?:jsonl|meta\.json)$/.test(name),
  },
};
