"""What CPython's sqlite3 finds in a trace file, as JSON: oracle.py <db>"""

import json
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.row_factory = sqlite3.Row
runs = connection.execute(
    """
    SELECT run_id AS runId, COUNT(*) AS spans, SUM(cost_usd) AS costUsd, SUM(input_tokens) AS inputTokens,
      SUM(output_tokens) AS outputTokens, MIN(start_time) * 1000 AS startTime
    FROM spans GROUP BY run_id ORDER BY MIN(start_time) DESC
    """
)
answer = {"runs": [dict(run) for run in runs]}
spans = connection.execute(
    """
    SELECT span_id AS spanId, run_id AS runId, parent_span_id AS parentSpanId, name, start_time * 1000 AS startTime,
      (end_time - start_time) * 1000 AS durationMs, status, input_tokens AS inputTokens,
      output_tokens AS outputTokens, cost_usd AS costUsd, model, error
    FROM spans ORDER BY start_time
    """
)
answer["spans"] = [dict(span) for span in spans]
answer["columns"] = [row[1] for row in connection.execute("PRAGMA table_info(spans)")]
answer["tables"] = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
json.dump(answer, sys.stdout)
