-- What stops the owner's accidents, and cascades, which do not ask for the app role's rights; and
-- what keeps totals and tally in step with what they add up.

-- A level begins empty and stays where it is. Whatever else changes: it is what its last line says,
-- and holds what its open reservations hold; a total is the sum of its levels. Looked at once for
-- all rows of a statement; by subqueries that give a value, for EXISTS may read the whole ledger.
CREATE OR REPLACE FUNCTION refuse_unexplained_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.on_hand, NEW.seq, NEW.head_hash, NEW.reserved) = (0, 0, ''::bytea, 0) AND NEW.moved_at IS NULL
     OR TG_OP = 'UPDATE' AND (NEW.id, NEW.product_id, NEW.location_id) = (OLD.id, OLD.product_id, OLD.location_id) THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger',
    MESSAGE = 'stock on hand changes only through the ledger';
END $$;
DROP TRIGGER only_through_the_ledger ON stock_level;
CREATE TRIGGER begins_empty BEFORE INSERT ON stock_level FOR EACH ROW EXECUTE FUNCTION refuse_unexplained_level();
CREATE TRIGGER stays_in_place BEFORE UPDATE OF id, product_id, location_id ON stock_level
  FOR EACH ROW EXECUTE FUNCTION refuse_unexplained_level();

CREATE OR REPLACE FUNCTION refuse_unexplained_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM after l WHERE l.reserved <> (
               SELECT coalesce(sum(r.left_over), 0) FROM stock_reservation r WHERE r.level_id = l.id AND r.closed_at IS NULL)
             OR coalesce((SELECT (t.seq, t.balance_after, t.hash, t.created_at) <> (l.seq, l.on_hand, l.head_hash, l.moved_at)
                            FROM stock_transaction t WHERE t.level_id = l.id ORDER BY t.seq DESC LIMIT 1), true)) THEN
    RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger',
      MESSAGE = 'stock on hand changes only through the ledger';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER only_through_the_ledger AFTER UPDATE ON stock_level
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION refuse_unexplained_balances();

-- It goes with a place that never had a line, and not otherwise.
CREATE OR REPLACE FUNCTION refuse_loss_of_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.seq = 0 THEN RETURN OLD; END IF;
  RAISE restrict_violation USING CONSTRAINT = 'append_only', MESSAGE = 'a level stays as long as its lines';
END $$;
CREATE TRIGGER stays BEFORE DELETE ON stock_level FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_level();

-- A line belongs to a level of its product, and names only what is there: looked at after all else
-- that its statement does, so that a level deleted meanwhile is missed.
CREATE OR REPLACE FUNCTION refuse_unfounded_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM made t
              WHERE t.product_id IS DISTINCT FROM (SELECT l.product_id FROM stock_level l WHERE l.id = t.level_id)
                 OR t.batch_id IS NOT NULL AND (SELECT b.id FROM stock_batch b WHERE b.id = t.batch_id) IS NULL
                 OR t.reverses_id IS NOT NULL AND (SELECT e.id FROM stock_transaction e WHERE e.id = t.reverses_id) IS NULL
                 OR t.reservation_id IS NOT NULL AND (SELECT r.id FROM stock_reservation r WHERE r.id = t.reservation_id) IS NULL
                 OR t.approval_id IS NOT NULL AND (SELECT a.id FROM stock_approval a WHERE a.id = t.approval_id) IS NULL) THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unfounded_line', MESSAGE = 'a line names what is not there';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER unfounded_line AFTER INSERT ON stock_transaction
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION refuse_unfounded_lines();

-- It goes with a product that never moved, and not otherwise.
CREATE OR REPLACE FUNCTION refuse_loss_of_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.moved_at IS NULL AND NOT EXISTS (SELECT FROM products_product WHERE id = OLD.product_id) THEN RETURN OLD; END IF;
  RAISE insufficient_privilege USING CONSTRAINT = 'append_only', MESSAGE = 'a total stays as long as its product';
END $$;
CREATE TRIGGER stays BEFORE DELETE ON stock_total FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_total();
CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON stock_total
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_batch
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON stock_reservation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON stock_approval
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A total begins empty, with its product, and is the sum of its levels; and what changes in the tiles'
-- numbers is the sum of how its products are, less the sum of how they were. products/models.py says
-- the same of querysets.
CREATE OR REPLACE FUNCTION refuse_unfounded_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM after t WHERE (t.on_hand, t.reserved, t.value, t.average) <> (0, 0, 0, 0) OR t.moved_at IS NOT NULL
                OR (SELECT p.id FROM products_product p WHERE p.id = t.product_id) IS NULL) THEN
    RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger', MESSAGE = 'a total begins empty';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_totals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM after t WHERE (t.on_hand, t.reserved) <> (
       SELECT coalesce(sum(l.on_hand), 0), coalesce(sum(l.reserved), 0) FROM stock_level l WHERE l.product_id = t.product_id)) THEN
    RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger', MESSAGE = 'a total is the sum of its levels';
  END IF;
  INSERT INTO stock_tally
    SELECT * FROM (
      SELECT sum(x.sign * (p.is_active OR x.on_hand > 0)::int) AS products, sum(x.sign * x.on_hand) AS units,
             sum(x.sign * (x.on_hand > 0 AND x.on_hand <= p.reorder_point)::int) AS low,
             sum(x.sign * (p.is_active AND x.on_hand = 0)::int) AS gone
        FROM (SELECT +1 AS sign, product_id, on_hand FROM after UNION ALL SELECT -1, product_id, on_hand FROM before) x,
             LATERAL (SELECT is_active, reorder_point FROM products_product WHERE id = x.product_id OFFSET 0) p) d  -- by index
     WHERE (d.products, d.units, d.low, d.gone) <> (0, 0, 0, 0);
  RETURN NULL;
END $$;
CREATE TRIGGER begins_empty AFTER INSERT ON stock_total
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION refuse_unfounded_totals();
CREATE TRIGGER only_through_the_ledger AFTER UPDATE ON stock_total
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION follow_totals();

CREATE OR REPLACE FUNCTION tally_products() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO stock_total (product_id) SELECT id FROM after;
    INSERT INTO stock_tally SELECT sum(is_active::int), 0, 0, sum(is_active::int) FROM after HAVING count(*) > 0;
  ELSIF TG_OP = 'DELETE' THEN             -- only what never moved can be
    DELETE FROM stock_total WHERE product_id IN (SELECT id FROM before);
    INSERT INTO stock_tally SELECT -sum(is_active::int), 0, 0, -sum(is_active::int) FROM before HAVING count(*) > 0;
  ELSE
    -- A movement reads the product after it has locked the total: so it sees this, or this sees it.
    PERFORM FROM stock_total WHERE product_id IN (SELECT id FROM (
        SELECT id, is_active, reorder_point FROM after EXCEPT SELECT id, is_active, reorder_point FROM before) changed)
      ORDER BY product_id FOR NO KEY UPDATE;
    IF FOUND THEN
      INSERT INTO stock_tally
        SELECT sum(x.sign * (x.is_active OR t.on_hand > 0)::int), 0,
               sum(x.sign * (t.on_hand > 0 AND t.on_hand <= x.reorder_point)::int),
               sum(x.sign * (x.is_active AND t.on_hand = 0)::int)
          FROM (SELECT +1 AS sign, id, is_active, reorder_point FROM after
                UNION ALL SELECT -1, id, is_active, reorder_point FROM before) x
               JOIN stock_total t ON t.product_id = x.id;
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tally_made AFTER INSERT ON products_product
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tally_products();
CREATE OR REPLACE TRIGGER tally_changed AFTER UPDATE ON products_product
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tally_products();
CREATE OR REPLACE TRIGGER tally_removed AFTER DELETE ON products_product
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION tally_products();

-- Adds the differences up to one; those that are being written meanwhile stay for the next time.
CREATE OR REPLACE FUNCTION fold_tally() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH folded AS (DELETE FROM stock_tally RETURNING *),
       kept AS (INSERT INTO stock_tally SELECT sum(products), sum(units), sum(low), sum(gone) FROM folded HAVING count(*) > 0)
  SELECT count(*) FROM folded;
$$;

-- One plan for one line and for thousands, by index, however small the tables were when it was made.
DO $$
DECLARE face text;
BEGIN
  FOREACH face IN ARRAY ARRAY['record_movement', 'open_batch', 'extend_batch', 'record_batch', 'reverse_movement', 'reverse_batch',
                              'reserve_stock', 'release_reservation', 'approve_act'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', face);
    EXECUTE format('ALTER FUNCTION %s SET enable_hashjoin = off', face);
    EXECUTE format('ALTER FUNCTION %s SET enable_mergejoin = off', face);
    EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', face);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION its_lines, its_lock, its_key_is_free, its_writing, its_approval, its_waiting_act, its_wish, its_extension, its_reversal, its_holding,
  its_waiting, its_digest, record_movement, open_batch, extend_batch, record_batch, reverse_movement, reverse_batch, reserve_stock,
  release_reservation, request_approval, approve_act, refuse_act, fold_tally FROM PUBLIC;
