-- The past, kept so that looking back costs the same however long the ledger is. Everything here
-- can be derived again from the lines (past.sql: past_faults); past.sql alone writes it.

-- Times that cut the ledger in two: every line of the time or before is written, every line that is
-- still to be written will be later. So what was added up until a moment stays true.
CREATE TABLE stock_moment (taken_at timestamptz PRIMARY KEY);

-- At some moments, how much was where, and what each product was worth; what was nothing is left out.
CREATE TABLE stock_snapshot (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  taken_at timestamptz NOT NULL UNIQUE REFERENCES stock_moment
);
CREATE TABLE stock_snapshot_level (
  snapshot_id bigint NOT NULL REFERENCES stock_snapshot,
  product_id bigint NOT NULL,
  level_id bigint NOT NULL,
  on_hand bigint NOT NULL,
  PRIMARY KEY (snapshot_id, product_id, level_id)
);
CREATE TABLE stock_snapshot_product (
  snapshot_id bigint NOT NULL REFERENCES stock_snapshot,
  product_id bigint NOT NULL,
  on_hand bigint NOT NULL,
  value numeric(20,4) NOT NULL,
  PRIMARY KEY (snapshot_id, product_id)
);

-- Lines added up by day and kind ('all'), and by one thing more: all of them up to
-- stock_past.rolled_to. (By product it would be nearly as long as the ledger; a product's lines have
-- an index.)
CREATE TABLE stock_rollup (
  dimension text NOT NULL CHECK (dimension IN ('all', 'category', 'location', 'person')),
  day date NOT NULL,                        -- in the zone of stock_past
  node text NOT NULL,                       -- id of the category of today, the location, the person; '' is none, or all
  kind text NOT NULL,
  lines bigint NOT NULL,
  units_in bigint NOT NULL,
  units_out bigint NOT NULL,
  value numeric(24,4) NOT NULL,
  PRIMARY KEY (dimension, day, node, kind)
);
CREATE TABLE stock_past (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  zone text NOT NULL DEFAULT 'UTC',         -- where a day begins and ends; migrate writes it
  rolled_to timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO stock_past DEFAULT VALUES;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_moment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_snapshot
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_snapshot_level
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_snapshot_product
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
