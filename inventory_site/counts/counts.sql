-- Stock counts: the only functions that write them. The site's role may read the tables and call the
-- functions without a leading "its"; every refusal carries a constraint name (refusals.py).
--
-- An entry keeps what the book said, in the statement that writes it and under the lock of its
-- product (as every movement): so the two are of one moment, whatever moves meanwhile. Locks are
-- always taken in one order: the count, then its products by id.

-- A count with a line for each product that lies in its scope; with `p_empty`, also where the book
-- says that none is left. `p_locations` and `p_categories` are the whole branches, null where they
-- narrow nothing. A replayed key gets the earlier count back.
CREATE FUNCTION open_count(p_name text, p_blind boolean, p_location bigint, p_category bigint, p_chosen bigint[],
                           p_locations bigint[], p_categories bigint[], p_empty boolean,
                           p_actor uuid, p_person text, p_email text, p_key uuid)
RETURNS counts_count LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE c counts_count;
BEGIN
  PERFORM remember_person(p_actor, p_person, p_email);
  INSERT INTO counts_count (name, is_blind, location_id, category_id, product_ids, created_by_id, created_at, idempotency_key,
                            closed_as, is_rest_none)
    VALUES (p_name, p_blind, p_location, p_category, p_chosen, p_actor, clock_timestamp(), p_key, '', false)
    ON CONFLICT ON CONSTRAINT count_key_reused DO NOTHING RETURNING * INTO c;
  IF NOT FOUND THEN                       -- sent twice
    SELECT * INTO c FROM counts_count WHERE created_by_id = p_actor AND idempotency_key = p_key;
    IF (c.name, c.is_blind, c.product_ids) IS DISTINCT FROM (p_name, p_blind, p_chosen)
       OR (c.location_id, c.category_id) IS DISTINCT FROM (p_location, p_category) THEN
      RAISE unique_violation USING CONSTRAINT = 'idempotency_key_reused', MESSAGE = 'this key belongs to another count';
    END IF;
    RETURN c;
  END IF;
  INSERT INTO counts_line (count_id, number, level_id, is_found)
    SELECT c.id, row_number() OVER (ORDER BY upper(s.code), s.code, p.sort_name, p.id), l.id, false
      FROM stock_level l JOIN products_product p ON p.id = l.product_id JOIN products_location s ON s.id = l.location_id
     WHERE (p_empty OR l.on_hand > 0)
       AND (p_locations IS NULL OR l.location_id = ANY (p_locations))
       AND (p_categories IS NULL OR p.category_id = ANY (p_categories))
       AND (p_chosen = '{}' OR l.product_id = ANY (p_chosen));
  RETURN c;
END $$;

-- Locks a count against being closed, and refuses a closed one. Lines are added only by one at a time.
CREATE FUNCTION its_count(p_count bigint, p_adds boolean) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE closed timestamptz;
BEGIN
  IF p_adds THEN
    SELECT closed_at INTO closed FROM counts_count WHERE id = p_count FOR NO KEY UPDATE;
  ELSE
    SELECT closed_at INTO closed FROM counts_count WHERE id = p_count FOR SHARE;
  END IF;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_count', MESSAGE = 'there is no such count';
  ELSIF closed IS NOT NULL THEN
    RAISE check_violation USING CONSTRAINT = 'count_closed', MESSAGE = 'the count takes nothing more';
  END IF;
END $$;

-- What a person counted: [{line, or product and location, kind, quantity, seen}], all or nothing. A
-- product at a place that has no line yet gets one. "seen", when given, is what the person was shown
-- of the book. A replayed key gets the earlier entries back.
CREATE FUNCTION record_counts(p_count bigint, p_entries jsonb, p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS SETOF counts_entry LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moment timestamptz; wanted int := jsonb_array_length(p_entries); lines bigint[]; places int; made counts_entry[];
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  SELECT count(*) INTO places FROM jsonb_to_recordset(p_entries) AS x (line bigint) WHERE x.line IS NULL;
  PERFORM its_count(p_count, places > 0);
  moment := its_lock(ARRAY(                -- before a level is opened, as every movement does
    SELECT DISTINCT coalesce(l.product_id, x.product) FROM jsonb_to_recordset(p_entries) AS x (line bigint, product bigint)
      LEFT JOIN counts_line n ON n.id = x.line LEFT JOIN stock_level l ON l.id = n.level_id
     WHERE coalesce(l.product_id, x.product) IS NOT NULL));
  IF places > 0 THEN                      -- a line for each place that has none
    INSERT INTO stock_level (product_id, location_id)
      SELECT DISTINCT x.product, x.location FROM jsonb_to_recordset(p_entries) AS x (line bigint, product bigint, location bigint)
       WHERE x.line IS NULL AND NOT EXISTS (
         SELECT FROM stock_level l WHERE l.product_id = x.product AND l.location_id = x.location)
      ON CONFLICT DO NOTHING;
    INSERT INTO counts_line (count_id, number, level_id, is_found)
      SELECT p_count, coalesce((SELECT max(number) FROM counts_line WHERE count_id = p_count), 0) + row_number() OVER (), n.id, true
        FROM (SELECT DISTINCT l.id FROM jsonb_to_recordset(p_entries) AS x (line bigint, product bigint, location bigint)
                JOIN stock_level l ON l.product_id = x.product AND l.location_id = x.location
               WHERE x.line IS NULL AND NOT EXISTS (
                 SELECT FROM counts_line WHERE count_id = p_count AND level_id = l.id)) n;
  END IF;
  SELECT array_agg(n.id ORDER BY x.ordinal) INTO lines
    FROM ROWS FROM (jsonb_to_recordset(p_entries) AS (line bigint, product bigint, location bigint))
         WITH ORDINALITY AS x (line, product, location, ordinal)
    LEFT JOIN stock_level l ON x.line IS NULL AND l.product_id = x.product AND l.location_id = x.location
    LEFT JOIN counts_line f ON f.count_id = p_count AND f.level_id = l.id
    JOIN counts_line n ON n.count_id = p_count AND n.id = coalesce(x.line, f.id);
  IF cardinality(lines) IS DISTINCT FROM wanted THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_line', MESSAGE = 'there is no such line in this count';
  END IF;
  SELECT array_agg(e) INTO made FROM counts_entry e WHERE e.by_id = p_actor AND e.idempotency_key = p_key;
  IF made IS NOT NULL THEN                -- sent twice
    IF (SELECT count(*) FROM unnest(made) e) <> wanted OR EXISTS (
         SELECT FROM ROWS FROM (jsonb_to_recordset(p_entries) AS (kind text, quantity bigint)) WITH ORDINALITY AS x (kind, quantity, ordinal)
          WHERE NOT EXISTS (SELECT FROM unnest(made) e WHERE (e.line_id, e.kind, e.quantity) = (lines[x.ordinal], x.kind, x.quantity))) THEN
      RAISE unique_violation USING CONSTRAINT = 'idempotency_key_reused', MESSAGE = 'this key belongs to other entries';
    END IF;
    RETURN QUERY SELECT * FROM unnest(made);
    RETURN;
  END IF;
  RETURN QUERY WITH written AS (
    INSERT INTO counts_entry (count_id, line_id, seq, kind, quantity, counted, on_hand, book_seq, seen, doubt, by_id, at, idempotency_key)
      SELECT p_count, n.id, coalesce(e.seq, 0) + 1, x.kind, x.quantity,
             CASE x.kind WHEN 'add' THEN coalesce(e.counted, 0) ELSE 0 END + x.quantity, l.on_hand, l.seq, x.seen,
             CASE WHEN x.seen <> l.on_hand THEN 'seen'
                  WHEN x.kind = 'add' AND e.book_seq <> l.seq THEN 'between'
                  WHEN x.kind = 'add' THEN coalesce(e.doubt, '') ELSE '' END,
             p_actor, moment, p_key
        FROM ROWS FROM (jsonb_to_recordset(p_entries) AS (kind text, quantity bigint, seen bigint))
             WITH ORDINALITY AS x (kind, quantity, seen, ordinal)
        JOIN counts_line n ON n.id = lines[x.ordinal] JOIN stock_level l ON l.id = n.level_id
        LEFT JOIN counts_entry e ON e.id = n.latest_id
       ORDER BY x.ordinal
      RETURNING *
  ), pointed AS (
    UPDATE counts_line n SET latest_id = w.id FROM written w WHERE n.id = w.line_id
  ) SELECT * FROM written;
END $$;

-- Locks an open count and the products on its lines that were counted (`p_rest`: on all of them), until
-- the end of the atomic block; returns the time. So nothing is counted, and nothing that was counted
-- moves, while its differences are posted.
CREATE FUNCTION hold_count(p_count bigint, p_rest boolean) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM its_count(p_count, true);
  RETURN its_lock(ARRAY(SELECT DISTINCT l.product_id FROM counts_line n JOIN stock_level l ON l.id = n.level_id
                         WHERE n.count_id = p_count AND (p_rest OR n.latest_id IS NOT NULL)));
END $$;

-- Closes a count, once: as posted, with the batch of this very atomic block that holds its
-- differences (null where there were none), or as cancelled. `p_at` null: now.
CREATE FUNCTION close_count(p_count bigint, p_as text, p_rest_none boolean, p_batch bigint, p_at timestamptz,
                            p_actor uuid, p_name text, p_email text)
RETURNS counts_count LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE c counts_count;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  PERFORM its_count(p_count, true);
  IF p_batch IS NOT NULL AND NOT EXISTS (
       SELECT FROM stock_batch WHERE id = p_batch AND kind = 'count' AND opened_in = pg_current_xact_id()) THEN
    RAISE check_violation USING CONSTRAINT = 'count_batch', MESSAGE = 'that is not the batch of this count';
  END IF;
  UPDATE counts_count SET closed_as = p_as, is_rest_none = p_rest_none, batch_id = p_batch, closed_by_id = p_actor, closed_at = coalesce(p_at, clock_timestamp())
   WHERE id = p_count RETURNING * INTO c;
  RETURN c;
END $$;

-- What stops the owner's accidents, and what keeps a closed count as it is, on every path.

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON counts_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON counts_line
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON counts_count
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_closed_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM after a JOIN counts_count c ON c.id = a.count_id WHERE c.closed_at IS NOT NULL) THEN
    RAISE check_violation USING CONSTRAINT = 'count_closed', MESSAGE = 'the count takes nothing more';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER only_while_open AFTER INSERT ON counts_entry
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_count();
CREATE TRIGGER only_while_open AFTER INSERT ON counts_line
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_count();
CREATE TRIGGER only_while_open_update AFTER UPDATE ON counts_line
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_count();

-- A line points at the last of its own entries, and nothing else about it changes.
CREATE FUNCTION refuse_unexplained_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.count_id, NEW.number, NEW.level_id, NEW.is_found) = (OLD.id, OLD.count_id, OLD.number, OLD.level_id, OLD.is_found)
     AND NEW.latest_id = (SELECT id FROM counts_entry WHERE line_id = NEW.id ORDER BY seq DESC LIMIT 1) THEN
    RETURN NULL;
  END IF;
  RAISE insufficient_privilege USING CONSTRAINT = 'only_by_entries', MESSAGE = 'what was counted follows from the entries';
END $$;
CREATE TRIGGER only_by_entries AFTER UPDATE ON counts_line
  FOR EACH ROW EXECUTE FUNCTION refuse_unexplained_line();

-- Once closed, a count stays as it is; before, only closing changes it.
CREATE FUNCTION refuse_reopened_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL
     AND (NEW.id, NEW.name, NEW.is_blind, NEW.product_ids, NEW.created_by_id, NEW.created_at)
       = (OLD.id, OLD.name, OLD.is_blind, OLD.product_ids, OLD.created_by_id, OLD.created_at)
     AND (NEW.location_id, NEW.category_id) IS NOT DISTINCT FROM (OLD.location_id, OLD.category_id) THEN
    RETURN NEW;
  END IF;
  RAISE check_violation USING CONSTRAINT = 'count_closed', MESSAGE = 'the count takes nothing more';
END $$;
CREATE TRIGGER closed_once BEFORE UPDATE ON counts_count
  FOR EACH ROW EXECUTE FUNCTION refuse_reopened_count();

REVOKE ALL ON FUNCTION open_count, its_count, record_counts, hold_count, close_count FROM PUBLIC;
