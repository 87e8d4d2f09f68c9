"""The article's cost_by_tool, on a file that is given, as JSON."""

import json
import sqlite3
import sys

conn = sqlite3.connect(sys.argv[1])
rows = conn.execute("""
    SELECT
        json_extract(metadata, '$.tool_name') as tool,
        COUNT(*) as calls,
        SUM(cost_usd) as total_cost,
        AVG(end_time - start_time) as avg_latency_s
    FROM spans
    WHERE name = 'tool_execution'
    GROUP BY tool
    ORDER BY total_cost DESC
""").fetchall()
conn.close()
print(json.dumps(rows))
