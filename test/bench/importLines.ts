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
