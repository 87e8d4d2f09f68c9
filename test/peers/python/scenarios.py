"""Runs one scenario with the tracer found on PYTHONPATH: scenarios.py <db> <scenario> <pass|filled> <seconds ago>"""

import sys
import time
from contextlib import ExitStack
from types import SimpleNamespace

db, scenario, update_span, ago = sys.argv[1:5]

# The tracer's clock is set back before the tracer is imported: a run of an hour ago needs no waiting.
_now = time.time
time.time = lambda: _now() - float(ago)

import agent_tracer  # noqa: E402

Tracer = agent_tracer.FixedTracer if update_span == "filled" else agent_tracer.AgentTracer
tracer = Tracer(db)

HAIKU = "claude-haiku-4-5"


def llm(name, model=HAIKU, tokens=(1200, 85), by=tracer, metadata=None):
    with by.span(name, metadata) as span:
        time.sleep(0.002)
        by.record_llm_call(span, model, SimpleNamespace(input_tokens=tokens[0], output_tokens=tokens[1]))


def tool(tool_name, tool_input, work=lambda: None, by=tracer, name="tool_execution"):
    with by.span(name, {"tool_name": tool_name, "tool_input": tool_input}) as span:
        time.sleep(0.002)
        span.metadata["result_length"] = len(str(work()))


def fails(message):
    def work():
        raise ValueError(message)

    return work


def waits():
    print("waiting", flush=True)
    time.sleep(60)


def agent(name, body):
    """The article's frame around a run."""
    tracer.start_run(name)
    try:
        body()
        tracer.finish_run(status="ok")
    except Exception as error:
        tracer.finish_run(status="error", error=str(error))
        raise


def ok():
    llm("llm_initial_call", metadata={"query": "Where is order 71834?"})
    tool("lookup_order", {"order": 71834}, lambda: "shipped")
    llm("llm_continuation", tokens=(1420, 61))


def failed():
    ok()
    tool("post_journal_entry", {"amount": "1.20"}, fails("LedgerError 422: entry does not balance"))


def recovered():
    llm("llm_initial_call")
    try:
        tool("lookup_order", {"order": 71834}, fails("timed out after 10 s"))
    except ValueError:
        tool("lookup_order", {"order": 71834}, lambda: "shipped")
    llm("llm_continuation")


def stopped():
    llm("llm_initial_call")
    tool("fetch_listing", {"page": 7}, waits)


def unknown_model():
    llm("llm_initial_call", model="acme-large-2")


def partly_unknown():
    llm("llm_initial_call")
    tool("lookup_order", {"order": 71834}, lambda: "shipped")
    llm("llm_continuation", model="acme-large-2")


def no_calls():
    tool("lookup_order", {"order": 71834}, lambda: "shipped")


def nested():
    llm("llm_initial_call")
    with tracer.span("fx_rate_agent"):
        llm("llm_of_sub_agent")
        tool("search_fx_rates", {"pair": "EUR/USD"}, fails("no sheet for that day"), name="search_fx_rates")


def parallel():
    """Two branches interleaved: the other branch's call ends between this one's call and its failing tool."""
    llm("llm_initial_call")
    other = Tracer(db)
    other._current_run_id = tracer._current_run_id
    other._current_span_id = tracer._current_span_id
    with ExitStack() as branches:
        branches.enter_context(tracer.span("branch_a"))
        branches.enter_context(other.span("branch_b"))
        llm("llm_of_a")
        llm("llm_of_b", by=other)
        tool("write_a", {"rows": 3}, fails("disk full"), name="write_a")


def many():
    """A second and third run in the same file, so that newest first means something."""
    ok()
    tracer.finish_run(status="ok")
    tracer.start_run("second_run")
    ok()
    tracer.finish_run(status="ok")
    tracer.start_run("third_run")
    llm("llm_initial_call", model="claude-opus-4-5", tokens=(10_000, 1_000))


stories = {
    "ok": ok,
    "failed": failed,
    "recovered": recovered,
    "stopped": stopped,
    "unknown-model": unknown_model,
    "partly-unknown": partly_unknown,
    "no-calls": no_calls,
    "nested": nested,
    "parallel": parallel,
    "many": many,
}
try:
    agent("research_agent", stories[scenario])
except ValueError:
    pass
