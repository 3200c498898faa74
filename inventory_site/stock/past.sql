-- Looking back: moments, snapshots, rollups, and what they answer. Tables: migrations/0003_past.sql.

-- Draws a moment. Every act locks rows of stock_total before it draws its time, and this waits for
-- all of them, keeps new ones waiting for an instant, and gives up where it would be longer: then
-- it raises lock_not_available. its_lock() never draws a time that is not later than every moment.
CREATE OR REPLACE FUNCTION take_moment() RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE moment timestamptz;
BEGIN
  LOCK TABLE stock_total IN EXCLUSIVE MODE;
  INSERT INTO stock_moment
    SELECT greatest(clock_timestamp(), max(m.taken_at) + interval '1 microsecond',
                    (SELECT t.created_at FROM stock_transaction t ORDER BY t.created_at DESC, t.id DESC LIMIT 1))
      FROM stock_moment m
    RETURNING taken_at INTO moment;
  RETURN moment;
END $$;

-- Lines added up by day and kind, and by category, location or person each as well.
CREATE OR REPLACE FUNCTION its_rollup(p_after timestamptz, p_until timestamptz, p_zone text) RETURNS SETOF stock_rollup
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN grouping(category) = 0 THEN 'category' WHEN grouping(location) = 0 THEN 'location'
              WHEN grouping(person) = 0 THEN 'person' ELSE 'all' END,
         day, coalesce(category, location, person, ''), kind, count(*), sum(greatest(quantity, 0)), sum(-least(quantity, 0)), sum(value)
    FROM (SELECT (t.created_at AT TIME ZONE p_zone)::date AS day, t.kind, t.quantity, coalesce(t.value, 0) AS value,
                 coalesce(p.category_id::text, '') AS category, l.location_id::text AS location, t.actor_id::text AS person
            FROM stock_transaction t JOIN stock_level l ON l.id = t.level_id JOIN products_product p ON p.id = t.product_id
           WHERE t.created_at > p_after AND t.created_at <= p_until) line
   GROUP BY GROUPING SETS ((day, kind), (day, kind, category), (day, kind, location), (day, kind, person));
$$;

-- Brings the rollups up to the last moment, and where `p_lines` lines (and as many as there are
-- levels, so that snapshots together never outgrow the ledger) came since the last snapshot, takes
-- another. One at a time.
CREATE OR REPLACE FUNCTION build_past(p_lines bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
DECLARE past stock_past; moment timestamptz; earlier stock_snapshot; due bigint; taken bigint;
BEGIN
  SELECT * INTO past FROM stock_past FOR UPDATE;
  SELECT max(taken_at) INTO moment FROM stock_moment;
  IF moment > past.rolled_to THEN
    INSERT INTO stock_rollup AS r SELECT * FROM its_rollup(past.rolled_to, moment, past.zone)
      ON CONFLICT (dimension, day, node, kind) DO UPDATE SET lines = r.lines + excluded.lines,
        units_in = r.units_in + excluded.units_in, units_out = r.units_out + excluded.units_out, value = r.value + excluded.value;
    UPDATE stock_past SET rolled_to = moment;
  END IF;
  SELECT * INTO earlier FROM stock_snapshot ORDER BY taken_at DESC LIMIT 1;
  due := greatest(p_lines, CASE WHEN p_lines > 0 THEN (SELECT count(*) FROM stock_level) ELSE 0 END);
  IF moment IS NULL OR moment <= earlier.taken_at OR due > (SELECT count(*) FROM (
       SELECT FROM stock_transaction WHERE created_at > coalesce(earlier.taken_at, '-infinity') AND created_at <= moment LIMIT due) t) THEN
    RETURN false;
  END IF;
  INSERT INTO stock_snapshot (taken_at) VALUES (moment) RETURNING id INTO taken;
  INSERT INTO stock_snapshot_level
    SELECT taken, product_id, level_id, sum(units) FROM (
      SELECT product_id, level_id, on_hand AS units FROM stock_snapshot_level WHERE snapshot_id = earlier.id
      UNION ALL
      SELECT product_id, level_id, quantity FROM stock_transaction
       WHERE created_at > coalesce(earlier.taken_at, '-infinity') AND created_at <= moment) x
     GROUP BY product_id, level_id HAVING sum(units) <> 0;
  INSERT INTO stock_snapshot_product
    SELECT taken, product_id, sum(units), sum(worth) FROM (
      SELECT product_id, on_hand AS units, value AS worth FROM stock_snapshot_product WHERE snapshot_id = earlier.id
      UNION ALL
      SELECT product_id, quantity, coalesce(value, 0) FROM stock_transaction
       WHERE created_at > coalesce(earlier.taken_at, '-infinity') AND created_at <= moment) x
     GROUP BY product_id HAVING sum(units) <> 0 OR sum(worth) <> 0;
  RETURN true;
END $$;

-- How much was where at an instant: the snapshot before it, and the lines since. What was nothing
-- is left out. Narrowed to some products, only theirs are read.
CREATE OR REPLACE FUNCTION levels_as_of(p_instant timestamptz)
RETURNS TABLE (product_id bigint, level_id bigint, on_hand bigint) LANGUAGE sql STABLE AS $$
  SELECT x.product_id, x.level_id, sum(x.units)::bigint FROM (
    SELECT s.product_id, s.level_id, s.on_hand AS units FROM stock_snapshot_level s
     WHERE s.snapshot_id = (SELECT id FROM stock_snapshot WHERE taken_at <= p_instant ORDER BY taken_at DESC LIMIT 1)
    UNION ALL
    SELECT t.product_id, t.level_id, t.quantity FROM stock_transaction t
     WHERE t.created_at > coalesce((SELECT max(taken_at) FROM stock_snapshot WHERE taken_at <= p_instant), '-infinity')
       AND t.created_at <= p_instant) x
   GROUP BY x.product_id, x.level_id HAVING sum(x.units) <> 0;
$$;

-- The same by product, with what it was worth.
CREATE OR REPLACE FUNCTION products_as_of(p_instant timestamptz)
RETURNS TABLE (product_id bigint, on_hand bigint, value numeric) LANGUAGE sql STABLE AS $$
  SELECT x.product_id, sum(x.units)::bigint, sum(x.worth) FROM (
    SELECT s.product_id, s.on_hand AS units, s.value AS worth FROM stock_snapshot_product s
     WHERE s.snapshot_id = (SELECT id FROM stock_snapshot WHERE taken_at <= p_instant ORDER BY taken_at DESC LIMIT 1)
    UNION ALL
    SELECT t.product_id, t.quantity, coalesce(t.value, 0) FROM stock_transaction t
     WHERE t.created_at > coalesce((SELECT max(taken_at) FROM stock_snapshot WHERE taken_at <= p_instant), '-infinity')
       AND t.created_at <= p_instant) x
   GROUP BY x.product_id HAVING sum(x.units) <> 0 OR sum(x.worth) <> 0;
$$;

-- What moved in whole days of the zone, by day, kind and one dimension: rolled up, and the lines since.
-- Those are few, which PostgreSQL cannot know: it would read all levels for them.
CREATE OR REPLACE FUNCTION movements_by(p_dimension text, p_from date, p_until date) RETURNS SETOF stock_rollup
LANGUAGE sql STABLE SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT p_dimension, x.day, x.node, x.kind, sum(x.lines)::bigint, sum(x.units_in)::bigint, sum(x.units_out)::bigint, sum(x.value)
    FROM (SELECT * FROM stock_rollup r WHERE r.dimension = p_dimension AND r.day BETWEEN p_from AND p_until
          UNION ALL
          SELECT r.* FROM stock_past p CROSS JOIN LATERAL its_rollup(
              greatest(p.rolled_to, p_from::timestamp AT TIME ZONE p.zone - interval '1 microsecond'),
              (p_until + 1)::timestamp AT TIME ZONE p.zone - interval '1 microsecond', p.zone) r
           WHERE r.dimension = p_dimension) x
   GROUP BY x.day, x.node, x.kind;
$$;

-- A product that changes its category takes its history along.
CREATE OR REPLACE FUNCTION move_rollup() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE past stock_past;
BEGIN
  SELECT * INTO past FROM stock_past FOR UPDATE;
  INSERT INTO stock_rollup AS r
    SELECT 'category', (t.created_at AT TIME ZONE past.zone)::date, node.id, t.kind, node.sign * count(*),
           node.sign * sum(greatest(t.quantity, 0)), node.sign * sum(-least(t.quantity, 0)), node.sign * sum(coalesce(t.value, 0))
      FROM stock_transaction t CROSS JOIN (VALUES (coalesce(OLD.category_id::text, ''), -1), (coalesce(NEW.category_id::text, ''), 1)) node (id, sign)
     WHERE t.product_id = NEW.id AND t.created_at <= past.rolled_to GROUP BY 2, 3, 4, node.sign
    ON CONFLICT (dimension, day, node, kind) DO UPDATE SET lines = r.lines + excluded.lines,
      units_in = r.units_in + excluded.units_in, units_out = r.units_out + excluded.units_out, value = r.value + excluded.value;
  DELETE FROM stock_rollup WHERE dimension = 'category' AND node = coalesce(OLD.category_id::text, '') AND lines = 0;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER rollup_moved AFTER UPDATE OF category_id ON products_product
  FOR EACH ROW WHEN (OLD.category_id IS DISTINCT FROM NEW.category_id) EXECUTE FUNCTION move_rollup();

-- Whatever of all this the lines do not say, in words: nothing, as long as all is well. Each
-- snapshot is held against the one before and the lines between, so that every line is read once.
CREATE OR REPLACE FUNCTION past_faults() RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
  WITH cut AS (SELECT id, taken_at, lag(id) OVER w AS before, lag(taken_at, 1, '-infinity') OVER w AS since
                 FROM stock_snapshot WINDOW w AS (ORDER BY taken_at)),
  stretch AS (SELECT c.id, t.product_id, t.level_id, sum(t.quantity) AS units, sum(coalesce(t.value, 0)) AS worth
                FROM cut c JOIN stock_transaction t ON t.created_at > c.since AND t.created_at <= c.taken_at GROUP BY 1, 2, 3)
  SELECT format('snapshot %s, stock level %s: off by %s', id, level_id, sum(units)) FROM (
      SELECT id, level_id, units FROM stretch
      UNION ALL SELECT c.id, s.level_id, s.on_hand FROM cut c JOIN stock_snapshot_level s ON s.snapshot_id = c.before
      UNION ALL SELECT snapshot_id, level_id, -on_hand FROM stock_snapshot_level) x
   GROUP BY id, level_id HAVING sum(units) <> 0
  UNION ALL
  SELECT format('snapshot %s, product %s: off by %s units, worth %s', id, product_id, sum(units), sum(worth)) FROM (
      SELECT id, product_id, units, worth FROM stretch
      UNION ALL SELECT c.id, s.product_id, s.on_hand, s.value FROM cut c JOIN stock_snapshot_product s ON s.snapshot_id = c.before
      UNION ALL SELECT snapshot_id, product_id, -on_hand, -value FROM stock_snapshot_product) x
   GROUP BY id, product_id HAVING sum(units) <> 0 OR sum(worth) <> 0
  UNION ALL
  SELECT format('rollup of %s %s on %s, %s: off by %s lines, %s in, %s out, worth %s',
                dimension, node, day, kind, sum(lines), sum(units_in), sum(units_out), sum(value)) FROM (
      SELECT r.* FROM stock_past p CROSS JOIN LATERAL its_rollup('-infinity', p.rolled_to, p.zone) r
      UNION ALL SELECT dimension, day, node, kind, -lines, -units_in, -units_out, -value FROM stock_rollup) x
   GROUP BY dimension, node, day, kind
  HAVING (sum(lines), sum(units_in), sum(units_out), sum(value)) <> (0, 0, 0, 0);
$$;

REVOKE ALL ON FUNCTION take_moment, build_past FROM PUBLIC;
