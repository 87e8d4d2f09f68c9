"""The article's queries, on a file that is given: get_failed_runs and reconstruct_run, as JSON."""

import json
import sqlite3
import sys


def get_failed_runs(db_path):
    conn = sqlite3.connect(db_path)
    rows = conn.execute("""
        SELECT run_id, name, error, start_time
        FROM spans
        WHERE parent_span_id IS NULL  -- root spans only
          AND status = 'error'
        ORDER BY start_time DESC
        LIMIT 50
    """).fetchall()
    conn.close()
    return rows


def reconstruct_run(run_id, db_path):
    conn = sqlite3.connect(db_path)
    spans = conn.execute(
        "SELECT * FROM spans WHERE run_id = ? ORDER BY start_time ASC", (run_id,)
    ).fetchall()
    conn.close()
    return spans


failed = get_failed_runs(sys.argv[1])
print(json.dumps({"failed": failed, "spans": [reconstruct_run(run[0], sys.argv[1]) for run in failed]}))
