"""The article's agent loop against a stand-in client: loop.py <db>. The test puts the README's lines at the marks."""

import sqlite3  # noqa: F401
import sys
import time  # noqa: F401
from types import SimpleNamespace

import agent_tracer


class AgentTracer(agent_tracer.AgentTracer):
    # README: update-span
    pass


class Block(SimpleNamespace):
    """A content block as an SDK hands it out: an object, not a dict."""

    def model_dump(self):
        return dict(vars(self))


class Answer(SimpleNamespace):
    def model_dump(self):
        return {
            "id": "msg_01", "type": "message", "role": "assistant", "model": "claude-haiku-4-5",
            "content": [block.model_dump() for block in self.content],
            "stop_reason": self.stop_reason, "usage": dict(vars(self.usage)),
        }


class Messages:
    def __init__(self):
        use = Block(type="tool_use", id="toolu_01Readme", name="lookup_order", input={"order": 71834})
        text = Block(type="text", text="Order 71834 was shipped on Friday.")
        self.answers = [("tool_use", [use]), ("end_turn", [text])]

    def create(self, **request):
        stop_reason, content = self.answers.pop(0)
        usage = SimpleNamespace(input_tokens=1200, output_tokens=85)
        return Answer(content=content, stop_reason=stop_reason, usage=usage)


client = SimpleNamespace(messages=Messages())
tracer = AgentTracer(sys.argv[1])
tools_definition = [
    {
        "name": "lookup_order",
        "description": "Finds an order.",
        "input_schema": {"type": "object", "properties": {"order": {"type": "integer"}}},
    }
]


def execute_tool(name, tool_input):
    return f"{name}: order {tool_input['order']} shipped"


def build_messages_with_tool_result(user_query, response, tool_use_block, tool_result):
    result = {"type": "tool_result", "tool_use_id": tool_use_block.id, "content": tool_result}
    return [
        {"role": "user", "content": user_query},
        {"role": "assistant", "content": response.content},
        {"role": "user", "content": [result]},
    ]


def run_agent(user_query):
    tracer.start_run("research_agent")
    try:
        with tracer.span("llm_initial_call", metadata={"query": user_query}) as s:
            messages = [{"role": "user", "content": user_query}]
            # README: record-prompt
            response = client.messages.create(
                model="claude-haiku-4-5", max_tokens=1024, tools=tools_definition, messages=messages
            )
            # README: record-response
            tracer.record_llm_call(s, "claude-haiku-4-5", response.usage)
        while response.stop_reason == "tool_use":
            tool_use_block = next(b for b in response.content if b.type == "tool_use")
            with tracer.span("tool_execution", metadata={
                "tool_name": tool_use_block.name,
                "tool_input": tool_use_block.input,
            }) as tool_span:
                # README: record-tool-id
                tool_result = execute_tool(tool_use_block.name, tool_use_block.input)
                # README: record-tool
                tool_span.metadata["result_length"] = len(str(tool_result))
            with tracer.span("llm_continuation") as s:
                messages = build_messages_with_tool_result(user_query, response, tool_use_block, tool_result)
                # README: record-prompt
                response = client.messages.create(
                    model="claude-haiku-4-5", max_tokens=1024, tools=tools_definition, messages=messages
                )
                # README: record-response
                tracer.record_llm_call(s, "claude-haiku-4-5", response.usage)
        tracer.finish_run(status="ok")
        return response.content[0].text
    except Exception as e:
        tracer.finish_run(status="error", error=str(e))
        raise


print(run_agent("Where is order 71834?"))
