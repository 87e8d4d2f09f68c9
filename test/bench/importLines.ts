/** Lines of a transcript as Claude Code writes them: prompts, answers of two lines each, results of tools. */
export function* transcriptLines(): Generator<string> {
  const text = 'The invoice of the customer is checked against the orders of the month. ';
  let second = 0;
  const common = () => ({
    sessionId: 'bench',
    cwd: '/home/user/shop',
    version: '2.1.40',
    gitBranch: 'main',
    isSidechain: false,
    timestamp: new Date(Date.UTC(2026, 0, 1) + 500 * second++).toISOString(),
  });
  for (let n = 0; ; n++) {
    const turn = n % 40;
    if (turn === 0) {
      const message = { role: 'user', content: text.repeat(3) };
      yield JSON.stringify({ ...common(), type: 'user', uuid: `p${n}`, message });
    }
    const answer = (block: object, line: string, output: number) => ({
      ...{ ...common(), type: 'assistant', uuid: `a${n}${line}`, requestId: `req_${n}` },
      message: {
        ...{ id: `msg_${n}`, type: 'message', role: 'assistant', model: 'claude-opus-4-6' },
        ...{ content: [block], stop_reason: null },
        usage: {
          ...{ input_tokens: 3, cache_read_input_tokens: 40_000 + n },
          ...{ cache_creation_input_tokens: 900, output_tokens: output },
        },
      },
    });
    yield JSON.stringify(answer({ type: 'text', text }, 't', 1));
    const input = { file_path: `/home/user/shop/src/file${n}.ts` };
    const use = { type: 'tool_use', id: `toolu_${n}`, name: 'Read', input };
    yield JSON.stringify(answer(use, 'u', 220));
    const content = text.repeat(5 + (n % 90));
    const result = { type: 'tool_result', tool_use_id: `toolu_${n}`, content };
    const message = { role: 'user', content: [result] };
    const toolUseResult = { type: 'text', file: { filePath: input.file_path, numLines: n % 300 } };
    yield JSON.stringify({ ...common(), type: 'user', uuid: `r${n}`, message, toolUseResult });
  }
}

/** Requests of OTLP as JSON, eight spans a line, as an agent's instrumentation sends them. */
export function* otlpLines(): Generator<string> {
  const text = 'The invoice of the customer is checked against the orders of the month. ';
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  // Ids are random, and so come in no order.
  const scatter = (n: number): number => Math.imul(n, 0x9e3779b1) >>> 0;
  const attribute = (key: string, value: object) => ({ key, value });
  for (let n = 0; ; n++) {
    const traceId = `${hex(scatter(n >> 2), 8)}${hex(n >> 2, 24)}`;
    const idOf = (index: number) => hex(scatter(n * 8 + index + 1), 8) + hex(n * 8 + index + 1, 8);
    const spans = Array.from({ length: 8 }, (_, index) => {
      const start = 1_767_225_600_000_000_000n + BigInt(n * 8 + index) * 1_000_000_000n;
      const isCall = index % 2 === 1;
      const said = JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: text.repeat(4 + ((n + index) % 50)) }] },
      ]);
      return {
        traceId,
        spanId: idOf(index),
        ...(index > 0 && { parentSpanId: idOf(0) }),
        name: isCall ? 'chat claude-opus-4-6' : 'execute_tool search',
        kind: 3,
        startTimeUnixNano: `${start}`,
        endTimeUnixNano: `${start + 800_000_000n}`,
        attributes: isCall
          ? [
              attribute('gen_ai.operation.name', { stringValue: 'chat' }),
              attribute('gen_ai.request.model', { stringValue: 'claude-opus-4-6' }),
              attribute('gen_ai.usage.input_tokens', { intValue: '1200' }),
              attribute('gen_ai.usage.output_tokens', { intValue: '80' }),
              attribute('gen_ai.input.messages', { stringValue: said }),
            ]
          : [
              attribute('gen_ai.operation.name', { stringValue: 'execute_tool' }),
              attribute('gen_ai.tool.name', { stringValue: 'search' }),
              attribute('gen_ai.tool.call.result', { stringValue: said }),
            ],
        status: {},
      };
    });
    yield JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'shop' }, spans }] }] });
  }
}
