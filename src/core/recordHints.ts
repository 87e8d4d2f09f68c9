/**
 * The Python lines that add to a trace what the article's tracer leaves out, in the names of its example:
 * `s` is the span of a call, `tool_span` that of a tool. They stand inside the `with` block, because the
 * tracer writes a span's metadata when the block ends. The panel and the README show these very lines.
 */
export const recordHints = {
  // Messages hold the SDK's own objects, which json.dumps in the tracer would refuse.
  prompt: `import json
request = {"model": "claude-haiku-4-5", "max_tokens": 1024,
           "tools": tools_definition, "messages": messages}
s.metadata["request"] = json.loads(
    json.dumps(request, default=lambda block: block.model_dump()))`,
  response: 's.metadata["response"] = response.model_dump()',
  // Before the tool runs: one that raises has recorded what led to it.
  toolId: 'tool_span.metadata["tool_use_id"] = tool_use_block.id',
  tool: 'tool_span.metadata["tool_result"] = tool_result',
} as const;
export type RecordHint = keyof typeof recordHints;
