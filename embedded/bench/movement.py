"""The bare movement: a balance and a line, with nothing protected; what pgbench and a view run."""

SCHEMA = """
CREATE TABLE bench_level (
  id bigint PRIMARY KEY,
  on_hand bigint NOT NULL
) WITH (fillfactor = 80);
CREATE TABLE bench_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  level_id bigint NOT NULL,
  quantity bigint NOT NULL,
  balance_after bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX bench_line_level ON bench_line (level_id, id);
"""

FILL = """
INSERT INTO bench_level SELECT number, 1000000 FROM generate_series(1, %(levels)s) AS number
"""

ONE = """
WITH level AS (
  UPDATE bench_level SET on_hand = on_hand + %(quantity)s
  WHERE id = %(level)s AND on_hand + %(quantity)s >= 0 RETURNING id, on_hand
)
INSERT INTO bench_line (level_id, quantity, balance_after)
SELECT id, %(quantity)s, on_hand FROM level RETURNING balance_after
"""

THOUSAND = """
WITH asked AS (
  SELECT unnest(ARRAY(SELECT generate_series(:first, :first + 999 * :step, :step))) AS id
), level AS (
  UPDATE bench_level SET on_hand = on_hand + 1 FROM asked
  WHERE bench_level.id = asked.id AND on_hand + 1 >= 0 RETURNING bench_level.id, on_hand
)
INSERT INTO bench_line (level_id, quantity, balance_after) SELECT id, 1, on_hand FROM level
"""
"""A thousand movements; their levels lie as far apart as those of our own batches do."""
