"""Writes so many spans through the tracer that PYTHONPATH has: one connection and one statement for each change."""

import sys

from agent_tracer import AgentTracer

tracer = AgentTracer(sys.argv[1])
for number in range(int(sys.argv[2])):
    tracer.start_run("python %d" % number)
    with tracer.span("python_tool", metadata={"number": number}):
        pass
    tracer.finish_run()
