"""A tracer that issues the seed article's statements: one table of 13 columns, one INSERT OR REPLACE per change.

Written for these tests, so that they need nothing but Python. `AgentTracer` leaves the root of a run as it is, which
is what the article's `_update_span` does; `FixedTracer` ends it.
"""

import json
import sqlite3
import time
import uuid
from contextlib import closing, contextmanager

COLUMNS = (
    ("span_id", "TEXT PRIMARY KEY"),
    ("run_id", "TEXT"),
    ("parent_span_id", "TEXT"),
    ("name", "TEXT"),
    ("start_time", "REAL"),
    ("end_time", "REAL"),
    ("status", "TEXT"),
    ("input_tokens", "INTEGER"),
    ("output_tokens", "INTEGER"),
    ("cost_usd", "REAL"),
    ("model", "TEXT"),
    ("metadata", "TEXT"),
    ("error", "TEXT"),
)
CREATE = "CREATE TABLE IF NOT EXISTS spans (%s)" % ", ".join(map(" ".join, COLUMNS))
WRITE = "INSERT OR REPLACE INTO spans VALUES (%s)" % ",".join("?" * len(COLUMNS))

# The article's prices, right or not: what a tracer recorded is what a reader must show.
PRICES = {
    "claude-haiku-4-5": (0.8e-6, 4e-6),
    "claude-sonnet-4-5": (3e-6, 15e-6),
    "claude-opus-4-5": (15e-6, 75e-6),
}


class Span:
    def __init__(self, run_id, parent, name, metadata):
        self.span_id = str(uuid.uuid4())
        self.run_id = run_id
        self.parent_span_id = parent
        self.name = name
        self.start_time = time.time()
        self.end_time = None
        self.status = "running"
        self.input_tokens = 0
        self.output_tokens = 0
        self.cost_usd = 0.0
        self.model = ""
        self.metadata = metadata
        self.error = None


class AgentTracer:
    def __init__(self, db_path="agent_traces.db"):
        self.db_path = db_path
        self._current_run_id = None
        self._current_span_id = None
        self._execute(CREATE)

    def _execute(self, statement, values=()):
        # One connection per write, as in the article: readers meet a file that is opened and closed all the time.
        with closing(sqlite3.connect(self.db_path)) as connection, connection:
            connection.execute(statement, values)

    def _write_span(self, span):
        row = dict(vars(span), metadata=json.dumps(span.metadata))
        self._execute(WRITE, [row[column] for column, _ in COLUMNS])

    def _update_span(self, span_id, **kwargs):
        pass

    def start_run(self, run_name="agent_run"):
        self._current_run_id = str(uuid.uuid4())
        root = Span(self._current_run_id, None, run_name, {})
        self._current_span_id = root.span_id
        self._write_span(root)
        return self._current_run_id

    def finish_run(self, status="ok", error=None):
        self._update_span(self._current_span_id, status=status, error=error)

    @contextmanager
    def span(self, name, metadata=None):
        outer = self._current_span_id
        span = Span(self._current_run_id, outer, name, metadata or {})
        self._current_span_id = span.span_id
        self._write_span(span)
        try:
            yield span
            span.status = "ok"
        except Exception as error:
            span.status, span.error = "error", str(error)
            raise
        finally:
            # Ctrl-C is no Exception: it comes here with the status still at "running".
            span.end_time = time.time()
            self._current_span_id = outer
            self._write_span(span)

    def record_llm_call(self, span, model, usage):
        per_input, per_output = PRICES.get(model, (0, 0))
        span.model = model
        span.input_tokens = usage.input_tokens
        span.output_tokens = usage.output_tokens
        span.cost_usd = usage.input_tokens * per_input + usage.output_tokens * per_output


class FixedTracer(AgentTracer):
    def _update_span(self, span_id, **kwargs):
        self._execute(
            "UPDATE spans SET status = ?, error = ?, end_time = ? WHERE span_id = ?",
            (kwargs.get("status"), kwargs.get("error"), time.time(), span_id),
        )
