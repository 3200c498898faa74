-- What stops the owner's accidents, and cascades, which do not ask for the app role's rights; and
-- what keeps totals and tally in step with what they add up.

CREATE OR REPLACE FUNCTION refuse_unexplained_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.on_hand, NEW.seq, NEW.head_hash, NEW.reserved) = (0, 0, ''::bytea, 0) AND NEW.moved_at IS NULL THEN RETURN NEW; END IF;
  ELSIF (NEW.id, NEW.product_id, NEW.location_id) = (OLD.id, OLD.product_id, OLD.location_id) AND (
          (NEW.on_hand, NEW.seq, NEW.head_hash) = (OLD.on_hand, OLD.seq, OLD.head_hash)
          AND NEW.moved_at IS NOT DISTINCT FROM OLD.moved_at
        OR EXISTS (SELECT FROM stock_transaction WHERE level_id = NEW.id AND seq = NEW.seq AND seq = OLD.seq + 1
                   AND (balance_after, hash, created_at) = (NEW.on_hand, NEW.head_hash, NEW.moved_at))) AND (
          NEW.reserved = OLD.reserved
        OR NEW.reserved = (SELECT coalesce(sum(left_over), 0) FROM stock_reservation WHERE level_id = NEW.id AND closed_at IS NULL)) THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger',
    MESSAGE = 'stock on hand changes only through the ledger';
END $$;

CREATE OR REPLACE FUNCTION refuse_unexplained_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.on_hand, NEW.reserved) = (SELECT coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0)
                                      FROM stock_level WHERE product_id = NEW.product_id)
     AND (TG_OP = 'INSERT' OR NEW.product_id = OLD.product_id
          AND (NEW.value = OLD.value OR NEW.moved_at IS NOT NULL)) THEN RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger',
    MESSAGE = 'a total is the sum of its levels';
END $$;
CREATE OR REPLACE TRIGGER only_through_the_ledger BEFORE INSERT OR UPDATE ON stock_total
  FOR EACH ROW EXECUTE FUNCTION refuse_unexplained_total();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_batch
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON stock_reservation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON stock_approval
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How a product counts in the tiles: products/models.py says the same of querysets.
CREATE OR REPLACE FUNCTION its_tally(is_active boolean, reorder_point int, on_hand bigint,
                                     OUT products int, OUT units bigint, OUT low int, OUT gone int)
LANGUAGE sql IMMUTABLE AS $$
  SELECT (is_active OR on_hand > 0)::int, on_hand, (on_hand > 0 AND on_hand <= reorder_point)::int, (is_active AND on_hand = 0)::int
$$;

CREATE OR REPLACE FUNCTION tally_totals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO stock_tally
    SELECT * FROM (SELECT sum(n.products - o.products) AS products, sum(n.units - o.units) AS units, sum(n.low - o.low) AS low, sum(n.gone - o.gone) AS gone
      FROM after t JOIN before b USING (product_id) JOIN products_product p ON p.id = t.product_id
           CROSS JOIN LATERAL its_tally(p.is_active, p.reorder_point, t.on_hand) n
           CROSS JOIN LATERAL its_tally(p.is_active, p.reorder_point, b.on_hand) o
     WHERE t.on_hand <> b.on_hand) d WHERE (d.products, d.units, d.low, d.gone) <> (0, 0, 0, 0);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tally AFTER UPDATE ON stock_total
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tally_totals();

CREATE OR REPLACE FUNCTION tally_products() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO stock_total (product_id) SELECT id FROM after;
    INSERT INTO stock_tally SELECT sum(d.products), 0, 0, sum(d.gone)
      FROM after p CROSS JOIN LATERAL its_tally(p.is_active, p.reorder_point, 0) d HAVING count(*) > 0;
  ELSIF TG_OP = 'DELETE' THEN             -- only what never moved can be
    INSERT INTO stock_tally SELECT -sum(d.products), 0, 0, -sum(d.gone)
      FROM before p CROSS JOIN LATERAL its_tally(p.is_active, p.reorder_point, 0) d HAVING count(*) > 0;
  ELSIF EXISTS (SELECT FROM after a JOIN before b USING (id) WHERE (a.is_active, a.reorder_point) <> (b.is_active, b.reorder_point)) THEN
    -- A movement reads the product after it has locked the total: so it sees this, or this sees it.
    PERFORM FROM stock_total WHERE product_id IN (SELECT id FROM after) ORDER BY product_id FOR NO KEY UPDATE;
    INSERT INTO stock_tally
      SELECT sum(n.products - o.products), 0, sum(n.low - o.low), sum(n.gone - o.gone)
        FROM after a JOIN before b USING (id) JOIN stock_total t ON t.product_id = a.id
             CROSS JOIN LATERAL its_tally(a.is_active, a.reorder_point, t.on_hand) n
             CROSS JOIN LATERAL its_tally(b.is_active, b.reorder_point, t.on_hand) o;
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

REVOKE ALL ON FUNCTION its_lines, its_lock, its_key_is_free, its_writing, its_approval, its_extension, its_reversal, its_holding,
  its_waiting, record_movement, open_batch, extend_batch, record_batch, reverse_movement, reverse_batch, reserve_stock,
  release_reservation, request_approval, approve_act, refuse_act, fold_tally FROM PUBLIC;
