-- The ledger: the only functions that write stock (with reservations.sql and approvals.sql beside).
--
-- The owner of these tables migrates. The site runs as another role that may read them and call the
-- functions without a leading "its": nothing else (access/rights.py). So a number and its history
-- cannot disagree, on any path: page, API, admin, import, psql. An act locks its products, in order,
-- then draws its time; every refusal carries a constraint name, which stock/refusals.py turns into a
-- sentence. Tables: migrations/0001_ledger.sql, 0002_acts.sql.

DO $$ BEGIN                                 -- a line as asked for; `rank` counts within its product
  IF to_regtype('stock_asked') IS NULL THEN
    CREATE TYPE stock_asked AS (
      n bigint, rank bigint, product bigint, location bigint, kind text, quantity bigint, reason text, reference text,
      recipient text, occurred_on date, supplier bigint, unit_cost numeric(14,4), reservation bigint, seen bigint,
      reverses bigint, approval bigint);
  END IF;
END $$;

-- What was asked for, in one canonical text: the JSON that jsonb would print, without nulls, so that
-- a field added one day, and left empty, leaves the digests of older lines as they are. Put together
-- by hand and STABLE, as convert_to is, so that both functions are inlined: a quarter of the time.
CREATE OR REPLACE FUNCTION movement_digest(
  product bigint, location bigint, kind text, quantity bigint, actor uuid, reason text, reference text, reverses bigint,
  batch bigint, recipient text, occurred_on date, supplier bigint, unit_cost numeric, reservation bigint)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN sha256(convert_to(
  '{"kind": ' || to_json(kind)::text || ', "actor": "' || actor::text || coalesce('", "batch": ' || batch::text, '"')
  || ', "reason": ' || to_json(reason)::text || ', "product": ' || product::text || ', "location": ' || location::text
  || ', "quantity": ' || quantity::text || coalesce(', "reverses": ' || reverses::text, '')
  || coalesce(', "supplier": ' || supplier::text, '') || coalesce(', "recipient": ' || to_json(nullif(recipient, ''))::text, '')
  || ', "reference": ' || to_json(reference)::text || coalesce(', "unit_cost": ' || to_json(unit_cost)::text, '')
  || coalesce(', "occurred_on": ' || to_json(occurred_on)::text, '') || coalesce(', "reservation": ' || reservation::text, '')
  || '}', 'UTF8'));

-- A line's link in its level's chain: what was asked for, and everything the ledger made of it.
CREATE OR REPLACE FUNCTION chain_hash(prev bytea, digest bytea, seq bigint, balance bigint, key uuid, at timestamptz,
                                      value numeric, approval bigint)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN sha256(
  prev || digest || int8send(seq) || int8send(balance) || coalesce(uuid_send(key), '') || timestamptz_send(at)
  || coalesce(convert_to(value::numeric(20,4)::text, 'UTF8'), '') || coalesce(int8send(approval), ''));

-- What a line adds to its product's book value, at moving average. A transfer moves no value; a
-- reversal gives back what the line it takes back added. Never leaves less than nothing, nor
-- anything once the last unit is gone.
CREATE OR REPLACE FUNCTION line_value(quantity bigint, unit_cost numeric, is_transfer boolean, taken_back numeric,
                                      on_hand bigint, worth numeric, average numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
  WHEN is_transfer THEN 0
  WHEN on_hand + quantity = 0 THEN -worth
  ELSE greatest(round(coalesce(-taken_back, quantity * coalesce(unit_cost, average)), 4), -worth) END;

-- Lines out of JSON: product by id or SKU, location by id or code; ids are null where unknown.
CREATE OR REPLACE FUNCTION its_lines(p_lines jsonb) RETURNS stock_asked[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT array_agg(ROW(y.*)::stock_asked ORDER BY y.n) FROM (
    SELECT x.n, row_number() OVER (PARTITION BY x.product ORDER BY x.n), x.product, x.location, x.kind, x.quantity,
           coalesce(x.reason, ''), coalesce(x.reference, ''), coalesce(x.recipient, ''), x.occurred_on, x.supplier,
           x.unit_cost, x.reservation, x.seen, NULL::bigint, NULL::bigint
      FROM (SELECT r.*, coalesce(r.product_id, (SELECT id FROM products_product WHERE upper(products_product.sku) = upper(r.sku))) AS product,
                   coalesce(r.location_id, (SELECT id FROM products_location WHERE upper(code) = upper(r.place))) AS location
              FROM ROWS FROM (jsonb_to_recordset(p_lines) AS (
                product bigint, sku text, location bigint, place text, kind text, quantity bigint, reason text, reference text,
                recipient text, occurred_on date, supplier bigint, unit_cost numeric(14,4), reservation bigint, seen bigint))
              WITH ORDINALITY AS r (product_id, sku, location_id, place, kind, quantity, reason, reference, recipient, occurred_on,
                                    supplier, unit_cost, reservation, seen, n)) x) y);
END $$;

-- Locks products, each named once, in order, and returns the time of what is about to be written: never before what
-- was written last, and after every moment that the past was cut at (past.sql), whatever the clock does.
CREATE OR REPLACE FUNCTION its_lock(p_products bigint[]) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE locked int; latest timestamptz;
BEGIN
  SELECT count(*), max(moved_at) INTO locked, latest FROM (
    SELECT moved_at FROM stock_total WHERE product_id = ANY (p_products) ORDER BY product_id FOR NO KEY UPDATE) t;
  IF locked < cardinality(p_products) THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_place', MESSAGE = 'there is no such product';
  END IF;
  RETURN greatest(clock_timestamp(), latest, (SELECT max(taken_at) + interval '1 microsecond' FROM stock_moment));
END $$;

-- Refuses a key that was used before; returns whether an act waits, or waited, for approval under it.
CREATE OR REPLACE FUNCTION its_key_is_free(p_actor uuid, p_key uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE key record;
BEGIN
  SELECT EXISTS (SELECT FROM stock_transaction WHERE actor_id = p_actor AND idempotency_key = p_key)
         OR EXISTS (SELECT FROM stock_batch WHERE actor_id = p_actor AND idempotency_key = p_key)
         OR EXISTS (SELECT FROM stock_reservation WHERE created_by = p_actor AND idempotency_key = p_key) AS is_used,
         EXISTS (SELECT FROM stock_approval WHERE created_by = p_actor AND idempotency_key = p_key) AS waits INTO key;
  IF key.is_used THEN
    RAISE unique_violation USING CONSTRAINT = 'idempotency_key_reused',
      MESSAGE = 'this idempotency key was used for another act';
  END IF;
  RETURN key.waits;
END $$;

-- The one place that writes lines: all of them or none, their products locked by the caller. Takes
-- one line of each product at a time, so that balance, value and hash follow from the line before.
CREATE OR REPLACE FUNCTION its_writing(asked stock_asked[], p_batch bigint, p_at timestamptz, p_actor uuid, p_key uuid)
RETURNS stock_transaction[] LANGUAGE plpgsql AS $$
DECLARE everything stock_transaction[] := '{}'; this bigint := 1; act record;
BEGIN
  WHILE cardinality(everything) < cardinality(asked) LOOP
    WITH line AS (                          -- 1. What each line comes to, and whatever forbids it.
      SELECT a.*, l.id AS level_id, l.seq + 1 AS seq, l.on_hand + a.quantity AS after, l.head_hash,
             line_value(a.quantity, a.unit_cost, 'transfer' IN (a.kind, e.kind), e.value, t.on_hand, t.value, t.average) AS value,
             movement_digest(a.product, a.location, a.kind, a.quantity, p_actor, a.reason, a.reference, a.reverses, p_batch,
                             a.recipient, a.occurred_on, a.supplier, a.unit_cost, a.reservation) AS digest,
             CASE WHEN a.seen <> l.on_hand THEN l.on_hand ELSE l.on_hand - l.reserved + held.units END AS available,
             CASE WHEN a.location IS NULL THEN 'unknown_place'
                  WHEN l.id IS NULL THEN 'unopened'
                  WHEN a.seen <> l.on_hand THEN 'stock_changed'
                  WHEN a.reservation IS NOT NULL AND (r.level_id IS DISTINCT FROM l.id OR r.left_over < -a.quantity)
                    THEN 'reservation_exceeded'
                  WHEN l.on_hand + a.quantity < l.reserved - held.units THEN 'insufficient_stock' END AS fault
        FROM unnest(asked) a JOIN stock_total t ON t.product_id = a.product
             LEFT JOIN stock_level l ON l.product_id = a.product AND l.location_id = a.location
             LEFT JOIN LATERAL (SELECT kind, value FROM stock_transaction WHERE id = a.reverses OFFSET 0) e ON true  -- by index
             LEFT JOIN stock_reservation r ON r.id = a.reservation
             CROSS JOIN LATERAL (SELECT CASE WHEN r.id IS NULL THEN 0 ELSE -a.quantity END AS units) held
       WHERE a.rank = this
    ), fault AS (                           -- 2. One fault, by name, with all lines that it forbids.
      SELECT f.fault AS name, jsonb_build_object('available', (array_agg(f.available))[1], 'lines',
               jsonb_agg(jsonb_build_object('n', f.n, 'product', f.product, 'location', f.location, 'available', f.available)
                         ORDER BY f.n)) AS detail
        FROM line f WHERE f.fault IS NOT NULL GROUP BY f.fault ORDER BY f.fault DESC LIMIT 1
    ), made AS (                            -- 3. The lines, if nothing forbids any.
      INSERT INTO stock_transaction (level_id, product_id, seq, kind, quantity, balance_after, reason, reference, recipient,
          occurred_on, supplier_id, unit_cost, reservation_id, approval_id, reverses_id, batch_id, actor_id, idempotency_key,
          digest, value, created_at, prev_hash, hash)
        SELECT level_id, product, seq, kind, quantity, after, reason, reference, recipient,
               occurred_on, supplier, unit_cost, reservation, approval, reverses, p_batch, p_actor, p_key,
               digest, value, p_at, head_hash, chain_hash(head_hash, digest, seq, after, p_key, p_at, value, approval)
          FROM line WHERE NOT EXISTS (SELECT FROM fault) ORDER BY n
        RETURNING stock_transaction AS line, level_id, product_id, seq, quantity, balance_after, hash, value, reservation_id,
                  CASE WHEN reservation_id IS NULL THEN 0 ELSE quantity END AS held
    ), reservation AS (                     -- 4. What follows from them: what is held, the balances, the totals.
      UPDATE stock_reservation r SET left_over = r.left_over + m.quantity,
             closed_by = CASE WHEN r.left_over + m.quantity = 0 THEN p_actor END,
             closed_at = CASE WHEN r.left_over + m.quantity = 0 THEN p_at END,
             closed_as = CASE WHEN r.left_over + m.quantity = 0 THEN 'issued' ELSE '' END
        FROM made m WHERE r.id = m.reservation_id
    ), level AS (
      UPDATE stock_level l SET on_hand = m.balance_after, seq = m.seq, head_hash = m.hash, moved_at = p_at,
             reserved = l.reserved + m.held
        FROM made m WHERE l.id = m.level_id
    ), total AS (
      UPDATE stock_total t SET on_hand = t.on_hand + m.quantity, value = t.value + m.value, moved_at = p_at,
             reserved = t.reserved + m.held,
             average = CASE WHEN t.on_hand + m.quantity = 0 THEN t.average
                            ELSE round((t.value + m.value) / (t.on_hand + m.quantity), 6) END
        FROM made m WHERE t.product_id = m.product_id
    ) SELECT f.name AS fault, f.detail, x.lines INTO act FROM (SELECT array_agg(m.line) AS lines FROM made m) x LEFT JOIN fault f ON true;
    IF act.fault = 'unopened' THEN
      INSERT INTO stock_level (product_id, location_id)
        SELECT DISTINCT a.product, a.location FROM unnest(asked) a WHERE a.location IS NOT NULL AND NOT EXISTS (
          SELECT FROM stock_level l WHERE l.product_id = a.product AND l.location_id = a.location)
        ON CONFLICT DO NOTHING;
      CONTINUE;
    ELSIF act.fault <> 'unknown_place' THEN
      RAISE check_violation USING CONSTRAINT = act.fault, DETAIL = act.detail, MESSAGE = 'the ledger refuses: ' || act.fault;
    ELSIF act.lines IS NULL THEN
      RAISE foreign_key_violation USING CONSTRAINT = 'unknown_place', MESSAGE = 'there is no such product or location';
    END IF;
    everything := everything || act.lines;
    this := this + 1;
  END LOOP;
  RETURN everything;
END $$;

-- Refuses what a second person must look at first: adjustments and write-offs of more units, or of
-- more worth, than the policy lets one person write. Asked last, so that only what is possible waits.
CREATE OR REPLACE FUNCTION its_approval(p_units numeric, p_value numeric) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF EXISTS (SELECT FROM stock_policy p WHERE p_units > p.approve_units OR p_value > p.approve_value) THEN
    RAISE check_violation USING CONSTRAINT = 'approval_needed', MESSAGE = 'another person must approve this',
      DETAIL = jsonb_build_object('units', p_units, 'value', p_value);
  END IF;
END $$;

-- An act under the key of one that waits, or waited, for approval: the same act waits still, whatever
-- moved meanwhile; no other one may use the key. What the person saw belongs to neither.
CREATE OR REPLACE FUNCTION its_waiting_act(p_actor uuid, p_key uuid, p_lines jsonb, p_batch_kind text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE waiting stock_approval;
BEGIN
  SELECT * INTO waiting FROM stock_approval WHERE created_by = p_actor AND idempotency_key = p_key;
  IF NOT FOUND THEN RETURN; END IF;
  IF (waiting.movements, waiting.batch_kind) = (its_wish(p_lines), p_batch_kind) THEN
    RAISE check_violation USING CONSTRAINT = 'approval_needed', MESSAGE = 'another person must approve this',
      DETAIL = jsonb_build_object('units', waiting.units, 'value', waiting.value);
  END IF;
  RAISE unique_violation USING CONSTRAINT = 'idempotency_key_reused', MESSAGE = 'this idempotency key was used for another act';
END $$;

-- What was asked for, without what the person saw.
CREATE OR REPLACE FUNCTION its_wish(p_lines jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN (
  SELECT jsonb_agg(x.line - 'seen' ORDER BY x.n) FROM jsonb_array_elements(p_lines) WITH ORDINALITY x (line, n));

-- One movement: {product or sku, location or place, kind, quantity, …}. "seen", when given, is the
-- quantity that the person saw: another one refuses. A replayed key gets the earlier line back.
CREATE OR REPLACE FUNCTION record_movement(p_movement jsonb, p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS stock_transaction LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked stock_asked[] := its_lines(jsonb_build_array(p_movement)); a stock_asked := asked[1];
  at timestamptz; line stock_transaction;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  at := its_lock(ARRAY[a.product]);                        -- replays of one key queue here
  SELECT * INTO line FROM stock_transaction WHERE actor_id = p_actor AND idempotency_key = p_key;
  IF FOUND AND (coalesce(a.seen = line.balance_after - line.quantity, true) OR line.approval_id IS NOT NULL) AND line.digest = movement_digest(
       a.product, a.location, a.kind, a.quantity, p_actor, a.reason, a.reference, NULL, NULL, a.recipient, a.occurred_on,
       a.supplier, a.unit_cost, a.reservation) THEN
    RETURN line;
  END IF;
  IF its_key_is_free(p_actor, p_key) THEN
    PERFORM its_waiting_act(p_actor, p_key, jsonb_build_array(p_movement), '');
  END IF;
  line := (its_writing(asked, NULL, at, p_actor, p_key))[1];
  IF line.kind IN ('adjustment', 'write_off') THEN
    PERFORM its_approval(abs(line.quantity), abs(line.value));
  END IF;
  RETURN line;
END $$;

-- Begins a batch and locks all its products that exist already; its lines follow, in any number of
-- calls, within the same atomic block. A replayed key gets the earlier batch back, which takes none.
CREATE OR REPLACE FUNCTION open_batch(p_kind text, p_products bigint[], p_reason text, p_reference text, p_digest bytea,
                                      p_actor uuid, p_name text, p_email text, p_key uuid, p_reverses bigint DEFAULT NULL)
RETURNS stock_batch LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at timestamptz; batch stock_batch;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  at := its_lock(p_products);
  SELECT * INTO batch FROM stock_batch WHERE actor_id = p_actor AND idempotency_key = p_key;
  IF FOUND AND (batch.kind, batch.digest) = (p_kind, p_digest) THEN RETURN batch; END IF;
  IF its_key_is_free(p_actor, p_key) AND p_reverses IS NOT NULL THEN
    PERFORM its_waiting_act(p_actor, p_key, '[]', '');     -- of other batches, once their lines are known
  END IF;
  INSERT INTO stock_batch (kind, reason, reference, reverses_id, actor_id, idempotency_key, digest, created_at)
    VALUES (p_kind, p_reason, p_reference, p_reverses, p_actor, p_key, p_digest, at) RETURNING * INTO batch;
  RETURN batch;
END $$;

-- Adds lines to a batch that this atomic block has opened.
CREATE OR REPLACE FUNCTION its_extension(p_batch bigint, asked stock_asked[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE batch stock_batch;
BEGIN
  SELECT * INTO batch FROM stock_batch WHERE id = p_batch AND opened_in = pg_current_xact_id();
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING CONSTRAINT = 'batch_closed', MESSAGE = 'the batch takes no more lines';
  END IF;
  IF batch.kind = 'transfer' OR EXISTS (SELECT FROM unnest(asked) a WHERE a.kind = 'transfer') THEN
    IF EXISTS (SELECT FROM unnest(asked) a GROUP BY a.product
                HAVING sum(a.quantity) <> 0 OR bool_or(a.kind <> 'transfer') OR count(DISTINCT a.location) < 2)
       OR batch.kind <> 'transfer' THEN
      RAISE check_violation USING CONSTRAINT = 'transfer_balanced', MESSAGE = 'what leaves one place arrives at another';
    END IF;
  END IF;
  IF asked[1].approval IS NULL THEN
    PERFORM its_waiting_act(batch.actor_id, batch.idempotency_key, '[]', '');
  END IF;
  PERFORM its_writing(asked, batch.id, batch.created_at, batch.actor_id, NULL);
  IF EXISTS (SELECT FROM unnest(asked) a WHERE a.kind IN ('adjustment', 'write_off')) THEN  -- with those of earlier calls
    PERFORM its_approval(sum(abs(t.quantity)), sum(abs(t.value))) FROM stock_transaction t
      WHERE t.batch_id = batch.id AND t.kind IN ('adjustment', 'write_off') AND t.approval_id IS NULL;
  END IF;
  RETURN cardinality(asked);
END $$;

CREATE OR REPLACE FUNCTION extend_batch(p_batch bigint, p_lines jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE asked stock_asked[] := its_lines(p_lines); latest timestamptz;
BEGIN
  PERFORM its_lock(ARRAY(SELECT DISTINCT a.product FROM unnest(asked) a));
  SELECT max(t.moved_at) INTO latest FROM stock_total t WHERE t.product_id IN (SELECT a.product FROM unnest(asked) a);
  IF latest > (SELECT created_at FROM stock_batch WHERE id = p_batch) THEN
    RAISE check_violation USING CONSTRAINT = 'batch_overtaken', MESSAGE = 'a product moved after the batch was opened';
  END IF;
  RETURN its_extension(p_batch, asked);
END $$;

-- What a batch was asked for, in one canonical text; what is null is as good as left out.
CREATE OR REPLACE FUNCTION its_digest(p_lines jsonb, p_reason text, p_reference text) RETURNS bytea
LANGUAGE sql STABLE RETURN sha256(convert_to(jsonb_strip_nulls(jsonb_build_object(
  'lines', p_lines, 'reason', p_reason, 'reference', p_reference))::text, 'UTF8'));

-- A whole batch in one call, all or nothing, at one time.
CREATE OR REPLACE FUNCTION record_batch(p_kind text, p_lines jsonb, p_reason text, p_reference text,
                                        p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS stock_batch LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE asked stock_asked[] := its_lines(p_lines); batch stock_batch;
BEGIN
  IF asked IS NULL OR p_kind = 'reversal' THEN
    RAISE check_violation USING CONSTRAINT = 'batch_kind', MESSAGE = 'a batch has lines, and reverse_batch reverses';
  END IF;
  SELECT b.* INTO batch FROM stock_approval w JOIN stock_batch b ON b.actor_id = p_actor AND b.idempotency_key = p_key
   WHERE w.created_by = p_actor AND w.idempotency_key = p_key AND w.approved_by IS NOT NULL
     AND (w.movements, w.batch_kind) = (its_wish(p_lines), p_kind);
  IF FOUND THEN RETURN batch; END IF;                      -- sent again after somebody approved it
  PERFORM its_waiting_act(p_actor, p_key, p_lines, p_kind);
  batch := open_batch(p_kind, ARRAY(SELECT DISTINCT a.product FROM unnest(asked) a), p_reason, p_reference,
    its_digest(p_lines, p_reason, p_reference),
    p_actor, p_name, p_email, p_key);
  IF NOT EXISTS (SELECT FROM stock_transaction WHERE batch_id = batch.id) THEN
    PERFORM its_extension(batch.id, asked);
  END IF;
  RETURN batch;
END $$;

-- Takes an earlier line back, once; a reversal itself stays, and a transfer is taken back whole.
CREATE OR REPLACE FUNCTION reverse_movement(p_transaction bigint, p_reason text,
                                            p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS stock_transaction LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE earlier stock_transaction; line stock_transaction; at timestamptz;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  SELECT * INTO earlier FROM stock_transaction WHERE id = p_transaction;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_transaction', MESSAGE = 'there is no such transaction';
  ELSIF earlier.kind = 'reversal' THEN
    RAISE check_violation USING CONSTRAINT = 'reversal_stays', MESSAGE = 'a reversal cannot be reversed';
  ELSIF earlier.kind = 'transfer' THEN
    RAISE check_violation USING CONSTRAINT = 'transfer_whole', MESSAGE = 'a transfer is reversed as a whole';
  END IF;
  at := its_lock(ARRAY[earlier.product_id]);
  SELECT * INTO line FROM stock_transaction WHERE actor_id = p_actor AND idempotency_key = p_key;
  IF FOUND AND line.reverses_id = earlier.id AND line.reason = p_reason THEN RETURN line; END IF;
  IF its_key_is_free(p_actor, p_key) THEN
    PERFORM its_waiting_act(p_actor, p_key, '[]', '');
  END IF;
  IF EXISTS (SELECT FROM stock_transaction WHERE reverses_id = earlier.id) THEN
    RAISE unique_violation USING CONSTRAINT = 'already_reversed', MESSAGE = 'the line was reversed before';
  END IF;
  RETURN (its_writing(its_reversal(ARRAY[earlier], p_reason), NULL, at, p_actor, p_key))[1];
END $$;

-- The lines that take others back, the last one first; before all, what brings stock back, so that
-- a level that was both filled and emptied has enough.
CREATE OR REPLACE FUNCTION its_reversal(earlier stock_transaction[], p_reason text) RETURNS stock_asked[]
LANGUAGE sql STABLE RETURN (
  SELECT array_agg(ROW(y.*)::stock_asked ORDER BY y.n) FROM (
    SELECT x.n, row_number() OVER (PARTITION BY x.product_id ORDER BY x.n), x.product_id, x.location_id, 'reversal'::text,
           -x.quantity, p_reason, x.reference, ''::text, NULL::date, NULL::bigint, NULL::numeric(14,4), NULL::bigint,
           NULL::bigint, x.id, NULL::bigint
      FROM (SELECT e.*, l.location_id, row_number() OVER (ORDER BY e.quantity > 0, e.id DESC) AS n
              FROM unnest(earlier) e JOIN stock_level l ON l.id = e.level_id) x) y);

-- Takes all lines of a batch back that are not taken back yet, by a batch of its own. Refuses, with
-- every line that stands in the way, when the stock of some has gone meanwhile.
CREATE OR REPLACE FUNCTION reverse_batch(p_batch bigint, p_reason text, p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS stock_batch LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE earlier stock_batch; batch stock_batch; lines stock_transaction[]; stuck jsonb;
BEGIN
  SELECT * INTO earlier FROM stock_batch WHERE id = p_batch;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_transaction', MESSAGE = 'there is no such batch';
  ELSIF earlier.kind = 'reversal' THEN
    RAISE check_violation USING CONSTRAINT = 'reversal_stays', MESSAGE = 'a reversal cannot be reversed';
  END IF;
  batch := open_batch('reversal', ARRAY(SELECT DISTINCT product_id FROM stock_transaction WHERE batch_id = p_batch), p_reason,
    earlier.reference, sha256(convert_to(jsonb_build_object('reverses', p_batch, 'reason', p_reason)::text, 'UTF8')),
    p_actor, p_name, p_email, p_key, p_batch);
  IF EXISTS (SELECT FROM stock_transaction WHERE batch_id = batch.id) THEN RETURN batch; END IF;
  SELECT array_agg(t ORDER BY t.id) INTO lines FROM stock_transaction t
   WHERE t.batch_id = p_batch AND NOT EXISTS (SELECT FROM stock_transaction r WHERE r.reverses_id = t.id);
  IF lines IS NULL THEN
    RAISE unique_violation USING CONSTRAINT = 'already_reversed', MESSAGE = 'every line was reversed before';
  END IF;
  -- By level and net, so that a level that the batch both filled and emptied is no obstacle.
  SELECT jsonb_agg(jsonb_build_object('id', t.id, 'product', t.product_id, 'location', x.location_id, 'available', x.available)
                   ORDER BY t.id) INTO stuck
    FROM unnest(lines) t JOIN (
      SELECT l.id, l.location_id, l.on_hand - l.reserved AS available FROM stock_level l JOIN unnest(lines) t ON t.level_id = l.id
       GROUP BY l.id HAVING l.on_hand - sum(t.quantity) < l.reserved) x ON x.id = t.level_id
   WHERE t.quantity > 0;
  IF stuck IS NOT NULL THEN
    RAISE check_violation USING CONSTRAINT = 'batch_stays', MESSAGE = 'the stock of some lines has gone',
      DETAIL = jsonb_build_object('lines', stuck);
  END IF;
  PERFORM its_writing(its_reversal(lines, p_reason), batch.id, batch.created_at, p_actor, NULL);
  RETURN batch;
END $$;
