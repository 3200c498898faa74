-- The ledger: balances, the lines that explain them, and the only functions that write either.
--
-- The owner of these tables migrates. The site runs as another role that may read them and call
-- record_movement, record_movements and reverse_movement, nothing else (access/rights.py). So a
-- number and its history cannot disagree, on any path: page, API, admin, import, psql.
-- Every refusal carries a constraint name; stock/ledger.py turns each into a sentence.

CREATE TABLE stock_level (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id bigint NOT NULL REFERENCES products_product ON DELETE CASCADE,   -- a level that has
  location_id bigint NOT NULL REFERENCES products_location ON DELETE CASCADE, -- history refuses
  on_hand bigint NOT NULL DEFAULT 0,
  reserved bigint NOT NULL DEFAULT 0,
  seq bigint NOT NULL DEFAULT 0,            -- of the last line
  head_hash bytea NOT NULL DEFAULT '',      -- of the last line
  moved_at timestamptz,                     -- of the last line
  CONSTRAINT stock_level_place UNIQUE (product_id, location_id),
  CONSTRAINT insufficient_stock CHECK (on_hand >= reserved),
  CONSTRAINT stock_level_reserved CHECK (reserved >= 0)             -- both imply on_hand >= 0
) WITH (fillfactor = 80);
CREATE INDEX stock_level_location ON stock_level (location_id);

CREATE TABLE stock_transaction (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  level_id bigint NOT NULL REFERENCES stock_level ON DELETE RESTRICT,
  seq bigint NOT NULL,                      -- 1, 2, 3 … within the level; ids commit out of order
  kind text NOT NULL,
  quantity bigint NOT NULL CONSTRAINT quantity_limit CHECK (abs(quantity) <= 1000000),
  balance_after bigint NOT NULL CONSTRAINT insufficient_stock CHECK (balance_after >= 0),
  reason text NOT NULL CONSTRAINT reason_length CHECK (char_length(reason) <= 200),
  reference text NOT NULL CONSTRAINT reference_length CHECK (char_length(reference) <= 64),
  reverses_id bigint CONSTRAINT already_reversed UNIQUE REFERENCES stock_transaction ON DELETE RESTRICT,
  actor_id uuid NOT NULL,                   -- in access_person, whose rows are never removed
  idempotency_key uuid NOT NULL,
  digest bytea NOT NULL,                    -- of what was asked for
  created_at timestamptz NOT NULL,          -- drawn under the lock
  prev_hash bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT stock_transaction_chain UNIQUE (level_id, seq),
  CONSTRAINT idempotency_key_reused UNIQUE (actor_id, idempotency_key),
  CONSTRAINT kind_sign CHECK (CASE kind WHEN 'receipt' THEN quantity > 0 WHEN 'issue' THEN quantity < 0
                              WHEN 'adjustment' THEN quantity <> 0 WHEN 'reversal' THEN quantity <> 0
                              ELSE false END),
  CONSTRAINT adjustment_reason CHECK (kind <> 'adjustment' OR reason <> ''),
  CONSTRAINT reversal_of CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL))
);
CREATE INDEX stock_transaction_by_time ON stock_transaction (created_at DESC, id DESC);

-- What was asked for, in one canonical text: JSON with sorted keys and without nulls, so that a
-- field added one day, and left empty, leaves the digests of older lines as they are.
CREATE FUNCTION movement_digest(product bigint, location bigint, kind text, quantity bigint,
                                actor uuid, reason text, reference text, reverses bigint)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN sha256(convert_to(jsonb_strip_nulls(
  jsonb_build_object('product', product, 'location', location, 'kind', kind, 'quantity', quantity,
    'actor', actor, 'reason', reason, 'reference', reference, 'reverses', reverses))::text, 'UTF8'));
CREATE FUNCTION chain_hash(prev bytea, digest bytea, seq bigint, balance bigint, key uuid, at timestamptz)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN sha256(
  prev || digest || int8send(seq) || int8send(balance) || uuid_send(key) || timestamptz_send(at));

-- One line onto a level whose row the caller has locked; a replayed key gets the earlier line back.
CREATE FUNCTION append_line(lvl stock_level, p_at timestamptz, p_kind text, p_quantity bigint, p_reason text,
                            p_reference text, p_reverses bigint, p_seen bigint, p_actor uuid, p_key uuid)
RETURNS stock_transaction LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  line stock_transaction;
  asked bytea := movement_digest(lvl.product_id, lvl.location_id, p_kind, p_quantity, p_actor,
                                 p_reason, p_reference, p_reverses);
BEGIN
  SELECT * INTO line FROM stock_transaction WHERE actor_id = p_actor AND idempotency_key = p_key;
  IF FOUND THEN
    IF line.digest = asked AND coalesce(p_seen = line.balance_after - line.quantity, true) THEN RETURN line; END IF;
    RAISE unique_violation USING CONSTRAINT = 'idempotency_key_reused',
      MESSAGE = 'this idempotency key was used for another movement';
  END IF;
  IF p_reverses IS NOT NULL AND EXISTS (SELECT FROM stock_transaction WHERE reverses_id = p_reverses) THEN
    RAISE unique_violation USING CONSTRAINT = 'already_reversed', MESSAGE = 'the line was reversed before';
  END IF;
  IF p_seen <> lvl.on_hand THEN
    RAISE check_violation USING CONSTRAINT = 'stock_changed', DETAIL = lvl.on_hand,
      MESSAGE = 'the quantity on hand is no longer what the person saw';
  END IF;
  IF lvl.on_hand + p_quantity < lvl.reserved THEN
    RAISE check_violation USING CONSTRAINT = 'insufficient_stock', DETAIL = lvl.on_hand - lvl.reserved,
      MESSAGE = 'not enough stock';
  END IF;
  INSERT INTO stock_transaction (level_id, seq, kind, quantity, balance_after, reason, reference, reverses_id,
                                 actor_id, idempotency_key, digest, created_at, prev_hash, hash)
  VALUES (lvl.id, lvl.seq + 1, p_kind, p_quantity, lvl.on_hand + p_quantity, p_reason, p_reference, p_reverses,
          p_actor, p_key, asked, p_at, lvl.head_hash,
          chain_hash(lvl.head_hash, asked, lvl.seq + 1, lvl.on_hand + p_quantity, p_key, p_at))
  RETURNING * INTO line;
  UPDATE stock_level SET on_hand = line.balance_after, seq = line.seq, head_hash = line.hash, moved_at = p_at
   WHERE id = lvl.id;
  RETURN line;
END $$;

CREATE FUNCTION lock_level(p_product bigint, p_location bigint)
RETURNS stock_level LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE lvl stock_level;
BEGIN
  SELECT * INTO lvl FROM stock_level WHERE product_id = p_product AND location_id = p_location FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO stock_level (product_id, location_id) VALUES (p_product, p_location) ON CONFLICT DO NOTHING;
    SELECT * INTO lvl FROM stock_level WHERE product_id = p_product AND location_id = p_location FOR NO KEY UPDATE;
  END IF;
  RETURN lvl;
END $$;

-- One movement. p_seen, when given, is the quantity that the person saw: another one refuses.
CREATE FUNCTION record_movement(p_product bigint, p_location bigint, p_kind text, p_quantity bigint,
                                p_reason text, p_reference text, p_seen bigint,
                                p_actor uuid, p_actor_name text, p_actor_email text, p_key uuid)
RETURNS stock_transaction LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE lvl stock_level;
BEGIN
  PERFORM remember_person(p_actor, p_actor_name, p_actor_email);
  lvl := lock_level(p_product, p_location);               -- replays of one key queue here
  RETURN append_line(lvl, greatest(clock_timestamp(), lvl.moved_at), p_kind, p_quantity, p_reason, p_reference,
                     NULL, p_seen, p_actor, p_key);
END $$;

-- Many movements, all or nothing, at one time; locked in one order, so that two never deadlock.
CREATE FUNCTION record_movements(p_lines jsonb, p_actor uuid, p_actor_name text, p_actor_email text)
RETURNS SETOF stock_transaction LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  line record; lvl stock_level; at timestamptz;
BEGIN
  PERFORM remember_person(p_actor, p_actor_name, p_actor_email);
  FOR line IN SELECT DISTINCT product, location FROM jsonb_to_recordset(p_lines) AS x (product bigint, location bigint)
              ORDER BY product, location LOOP
    lvl := lock_level(line.product, line.location);
    at := greatest(at, lvl.moved_at);
  END LOOP;
  at := greatest(at, clock_timestamp());
  FOR line IN SELECT * FROM ROWS FROM (jsonb_to_recordset(p_lines) AS (product bigint, location bigint, kind text,
                quantity bigint, reason text, reference text, key uuid)) WITH ORDINALITY AS x ORDER BY x.ordinality LOOP
    lvl := lock_level(line.product, line.location);
    RETURN NEXT append_line(lvl, at, line.kind, line.quantity, line.reason, line.reference, NULL, NULL, p_actor, line.key);
  END LOOP;
END $$;

-- Takes an earlier line back, once; a reversal itself stays.
CREATE FUNCTION reverse_movement(p_transaction bigint, p_reason text,
                                 p_actor uuid, p_actor_name text, p_actor_email text, p_key uuid)
RETURNS stock_transaction LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE earlier stock_transaction; lvl stock_level;
BEGIN
  PERFORM remember_person(p_actor, p_actor_name, p_actor_email);
  SELECT * INTO earlier FROM stock_transaction WHERE id = p_transaction;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_transaction', MESSAGE = 'there is no such transaction';
  END IF;
  IF earlier.kind = 'reversal' THEN
    RAISE check_violation USING CONSTRAINT = 'reversal_stays', MESSAGE = 'a reversal cannot be reversed';
  END IF;
  SELECT * INTO lvl FROM stock_level WHERE id = earlier.level_id FOR NO KEY UPDATE;
  RETURN append_line(lvl, greatest(clock_timestamp(), lvl.moved_at), 'reversal', -earlier.quantity, p_reason,
                     earlier.reference, earlier.id, NULL, p_actor, p_key);
END $$;

-- What follows stops the owner's accidents and cascades, which do not ask for the app role's rights.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE insufficient_privilege USING CONSTRAINT = 'append_only', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_unexplained_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.on_hand, NEW.seq, NEW.head_hash) = (0, 0, ''::bytea) AND NEW.moved_at IS NULL THEN RETURN NEW; END IF;
  ELSIF (NEW.id, NEW.product_id, NEW.location_id) = (OLD.id, OLD.product_id, OLD.location_id) AND (
          (NEW.on_hand, NEW.seq, NEW.head_hash) = (OLD.on_hand, OLD.seq, OLD.head_hash)
          AND NEW.moved_at IS NOT DISTINCT FROM OLD.moved_at
        OR EXISTS (SELECT FROM stock_transaction WHERE level_id = NEW.id AND seq = NEW.seq AND seq = OLD.seq + 1
                   AND (balance_after, hash, created_at) = (NEW.on_hand, NEW.head_hash, NEW.moved_at))) THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING CONSTRAINT = 'only_through_the_ledger',
    MESSAGE = 'stock on hand changes only through the ledger';
END $$;
CREATE TRIGGER only_through_the_ledger BEFORE INSERT OR UPDATE ON stock_level
  FOR EACH ROW EXECUTE FUNCTION refuse_unexplained_level();

REVOKE ALL ON FUNCTION append_line, lock_level, record_movement, record_movements, reverse_movement FROM PUBLIC;
