"""The same writer as writer.ts, with CPython's sqlite3: writer.py <db> <journal mode> <page size> <what>."""
import json
import sqlite3
import sys
import time

path, mode, page_size, what = sys.argv[1:5]
db = sqlite3.connect(path, isolation_level=None, timeout=30)
db.execute(f"PRAGMA page_size = {page_size}")
db.execute(f"PRAGMA journal_mode = {mode}")
db.execute("PRAGMA cache_size = 10")
if what != "steady":
    db.execute("PRAGMA synchronous = OFF")
db.execute(
    """CREATE TABLE IF NOT EXISTS spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT,
    name TEXT, start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER,
    cost_usd REAL, model TEXT, metadata TEXT, error TEXT)"""
)

spans = 0
state = 0


def add(count):
    global spans
    for _ in range(count):
        text = json.dumps({"text": "x" * (9000 if spans % 7 == 0 else 300)})
        db.execute(
            "INSERT OR REPLACE INTO spans VALUES (?,?,NULL,'span',?,?,'ok',?,0,0,'',?,NULL)",
            (f"s{spans}", f"r{spans % 5}", spans, spans + 1, state, text),
        )
        spans += 1


def step():
    global state
    state += 1
    db.execute("BEGIN IMMEDIATE")
    if spans < 150 or state % 5 == 0:
        add(40 if state % 10 == 0 else 2)
    if spans > 150 and state % 11 == 0:
        db.execute("DELETE FROM spans WHERE span_id IN (SELECT span_id FROM spans LIMIT 20)")
    db.execute("UPDATE spans SET input_tokens = ?", (state,))
    db.execute("ROLLBACK" if state % 4 == 3 else "COMMIT")
    if state % 60 == 59:
        db.execute("VACUUM")
    if mode == "wal" and state % 23 == 0:
        db.execute(f"PRAGMA wal_checkpoint({['PASSIVE', 'RESTART', 'TRUNCATE'][state % 3]})")


db.execute("BEGIN")
add(100)
db.execute("COMMIT")
step()
print("ready", flush=True)
while True:
    step()
    if what != "fast":
        time.sleep(state % 3 / 1000)
