-- Proof: every line against its predecessor, every number against the lines that explain it.
--
-- A verification is opened, which cuts the products into a few parts, each of which reads the ledger once;
-- its parts are verified, on as many connections as wanted, each in one statement's snapshot, in which
-- a product is whole, so that movements that go on raise no false alarm; then it is closed, which looks
-- at what is no product's and keeps the outcome. What does not fit into work_mem is sorted on disk:
-- memory stays flat. Nobody else writes these tables: no forged proof.
--
-- A product found good leaves where its chains ended and what it was worth then. An incremental
-- verification begins there, with the line that was proven last, which must still be what it was. It
-- needs no mark in ids or times, which commit out of order: a chain has no gaps. A product with a
-- fault is suspect, and verified from its beginning every time, until nothing is found.

-- Where a fault stands in the list of them: lines before batches, levels, products and the rest.
CREATE OR REPLACE FUNCTION its_fault(rank int, id bigint, what text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN rank::text || to_char(id, 'FM0000000000000000000') || what;

CREATE OR REPLACE FUNCTION open_verification(p_incremental boolean) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE this uuid := gen_random_uuid(); size bigint;
BEGIN
  SELECT greatest(sum(seq) / 4, 100000) INTO size FROM stock_level;
  DELETE FROM stock_verification_part WHERE started_at < clock_timestamp() - interval '1 day';  -- of those that were killed
  INSERT INTO stock_verification_part (run, number, is_incremental, started_at, first_product, next_product)
    SELECT this, number, p_incremental, clock_timestamp(),
           CASE number WHEN 0 THEN -9223372036854775808 ELSE min(product_id) END,
           lead(min(product_id), 1, 9223372036854775807) OVER (ORDER BY number)
      FROM (SELECT product_id, div(sum(work) OVER (ORDER BY product_id) - work, size) AS number FROM (
              SELECT l.product_id, sum(l.seq - CASE WHEN p_incremental THEN coalesce(k.seq, 0) ELSE 0 END) + count(*) AS work
                FROM stock_level l LEFT JOIN stock_proven_level k ON k.level_id = l.id GROUP BY l.product_id) w
            UNION ALL SELECT 0, 0) x
     GROUP BY number;
  IF NOT p_incremental THEN                 -- what is kept of the past: no products, and for who comes first
    INSERT INTO stock_verification_part (run, number, is_incremental, started_at, first_product, next_product)
      VALUES (this, -1, false, clock_timestamp(), 0, 0);
  END IF;
  RETURN this;
END $$;

-- Verifies the next part that nobody verifies yet; false when there is none.
CREATE OR REPLACE FUNCTION verify_part(p_run uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE part stock_verification_part;
BEGIN
  SELECT * INTO part FROM stock_verification_part WHERE run = p_run AND differences IS NULL
   ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  ELSIF part.number < 0 THEN
    WITH bad AS MATERIALIZED (SELECT its_fault(8, n, what) AS said FROM past_faults() WITH ORDINALITY AS past (what, n))
    UPDATE stock_verification_part SET levels = 0, proven = 0, transactions = 0, differences = (SELECT count(*) FROM bad),
           faults = ARRAY(SELECT said FROM bad ORDER BY said COLLATE "C" LIMIT 50)
     WHERE run = p_run AND number = part.number;
    RETURN true;
  END IF;
  WITH level AS MATERIALIZED (
    SELECT l.*, coalesce(k.seq, 0) AS kept_seq, k.hash AS kept_hash, k.balance AS kept_balance,
           CASE WHEN p.product_id IS NULL THEN -9223372036854775808 ELSE coalesce(k.seq, 0) END AS from_seq,
           p.product_id IS NULL OR (l.seq, l.head_hash) IS DISTINCT FROM (k.seq, k.hash) AS has_news
      FROM stock_level l LEFT JOIN stock_proven_level k ON k.level_id = l.id
           LEFT JOIN stock_proven_product p ON part.is_incremental AND p.product_id = l.product_id AND NOT p.is_suspect
     WHERE l.product_id >= part.first_product AND l.product_id < part.next_product
     ORDER BY l.product_id, l.id
  ), chain AS (
    -- Everything, read from end to end; or the chains that have news, by their index. Each line is
    -- derived here, before it is sorted, so that what is sorted is narrow.
    SELECT id, level_id, level_product, from_seq, seq, quantity, balance_after, value, unit_cost, batch_id, created_at, prev_hash, hash,
           (taken).value AS taken_value, 'transfer' IN (kind, (taken).kind) AS is_transfer, CASE
        WHEN product_id <> level_product THEN 'its product is not its stock level''s'
        WHEN digest IS DISTINCT FROM movement_digest(level_product, location_id, kind, quantity, actor_id, reason,
             reference, reverses_id, batch_id, recipient, occurred_on, supplier_id, unit_cost, reservation_id) THEN 'its content was changed'
        WHEN hash IS DISTINCT FROM chain_hash(prev_hash, digest, seq, balance_after, idempotency_key, created_at,
             value, approval_id) THEN 'its hash does not match its content'
        WHEN reverses_id IS NOT NULL AND ((taken).level_id, (taken).quantity, (taken).kind <> 'reversal', (taken).seq < seq)
             IS DISTINCT FROM (level_id, -quantity, true, true) THEN 'it does not match the transaction it takes back'
        WHEN batch_id IS NOT NULL AND ((batch).created_at, (batch).actor_id, (batch).kind = 'transfer', (batch).reverses_id,
             idempotency_key) IS DISTINCT FROM (created_at, actor_id, kind = 'transfer', (taken).batch_id, NULL) THEN 'it does not fit its batch'
        WHEN seq = kept_seq AND (hash, balance_after) <> (kept_hash, kept_balance) THEN 'it is not the line that was proven before'
      END AS own_fault
      FROM (SELECT y.*, CASE WHEN reverses_id IS NOT NULL THEN (SELECT e FROM stock_transaction e WHERE e.id = y.reverses_id) END AS taken,
                   CASE WHEN batch_id IS NOT NULL THEN (SELECT b FROM stock_batch b WHERE b.id = y.batch_id) END AS batch
              FROM (SELECT t.*, l.product_id AS level_product, l.location_id, l.from_seq, l.kept_seq, l.kept_hash, l.kept_balance
                      FROM level l JOIN stock_transaction t ON t.level_id = l.id WHERE NOT part.is_incremental
                    UNION ALL
                    SELECT t.*, l.product_id, l.location_id, l.from_seq, l.kept_seq, l.kept_hash, l.kept_balance
                      FROM level l CROSS JOIN LATERAL (
                           SELECT * FROM stock_transaction t WHERE t.level_id = l.id AND t.seq >= l.from_seq OFFSET 0) t
                     WHERE part.is_incremental AND l.has_news) y OFFSET 0) x
    OFFSET 0
  ), line AS (
    -- Each line against the one before it; what was proven last is the first, and only looked at.
    SELECT level_product AS product_id, id, created_at, quantity, value, unit_cost, taken_value, seq > from_seq AS is_fresh,
           is_transfer, batch_id, CASE
        WHEN seq <> coalesce(seq_before + 1, greatest(from_seq, 1)) THEN 'a line before it is missing'
        WHEN prev_hash <> coalesce(hash_before, CASE seq WHEN 1 THEN ''::bytea ELSE prev_hash END)
          THEN 'its link to the line before it is broken'
        WHEN own_fault IS NOT NULL THEN own_fault
        WHEN balance_after - quantity <> coalesce(balance_before, CASE seq WHEN 1 THEN 0 ELSE balance_after - quantity END)
          THEN 'its balance does not follow'
        WHEN created_at < time_before THEN 'it is older than the line before it'
      END AS fault
      FROM (SELECT *, lag(seq) OVER chain AS seq_before, lag(hash) OVER chain AS hash_before,
                   lag(balance_after) OVER chain AS balance_before, lag(created_at) OVER chain AS time_before
              FROM chain WINDOW chain AS (PARTITION BY level_id ORDER BY seq)) t
  ), history AS (
    -- The product, in the order in which its lines were written: what it held before each of them.
    SELECT line.product_id, id, fault, is_fresh, quantity, line.value, unit_cost, is_transfer, taken_value, batch_id,
           lead(id) OVER history IS NULL AS is_last,
           coalesce(p.on_hand, 0) + sum(quantity::int) OVER history - quantity AS held,
           coalesce(p.value, 0) + coalesce(sum(line.value) OVER history, 0) - coalesce(line.value, 0) AS worth,
           lag(quantity) OVER history AS quantity_before, coalesce(lag(line.value) OVER history, 0) AS value_before,
           coalesce(p.average, 0) AS kept_average
      FROM line LEFT JOIN stock_proven_product p ON part.is_incremental AND p.product_id = line.product_id AND NOT p.is_suspect
    WINDOW history AS (PARTITION BY line.product_id, is_fresh ORDER BY created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  ), priced AS (
    -- When the stock was out, its average is that of before the line that emptied it.
    SELECT *, CASE WHEN held <> 0 THEN round(worth / held, 6)
                   WHEN quantity_before IS NULL OR held = quantity_before THEN kept_average
                   ELSE round((worth - value_before) / (held - quantity_before), 6) END AS average
      FROM history
  ), checked AS MATERIALIZED (
    SELECT product_id, id, is_fresh, CASE WHEN is_fresh AND is_transfer THEN batch_id END AS transfer, quantity,
           coalesce(fault, CASE WHEN is_fresh AND value <> line_value(quantity, unit_cost, is_transfer, taken_value, held, worth, average)
                                THEN 'its value does not follow' END) AS fault,
           CASE WHEN is_fresh AND is_last THEN held + quantity END AS held_after,
           CASE WHEN is_fresh AND is_last THEN worth + coalesce(value, 0) END AS worth_after,
           CASE WHEN is_fresh AND is_last AND held + quantity = 0 THEN average END AS average_after
      FROM priced
  ), derived AS (
    SELECT product_id, count(*) FILTER (WHERE is_fresh) AS fresh,
           max(held_after) AS held, max(worth_after) AS worth, max(average_after) AS average
      FROM checked GROUP BY product_id
  ), summed AS (
    SELECT product_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved, sum(seq) AS lines, max(moved_at) AS moved_at
      FROM level GROUP BY product_id
  ), total AS (
    SELECT x.product_id, t.on_hand, t.reserved, t.value, t.average, t.moved_at, t.product_id IS NULL AS is_gone,
           coalesce(s.on_hand, 0) AS level_on_hand, coalesce(s.reserved, 0) AS level_reserved, coalesce(s.lines, 0) AS lines,
           s.moved_at AS level_moved_at, coalesce(d.fresh, 0) AS fresh,
           coalesce(d.held, p.on_hand, 0) AS held, coalesce(d.worth, p.value, 0) AS worth,
           CASE WHEN d.held <> 0 THEN round(d.worth / d.held, 6) ELSE coalesce(d.average, p.average, 0) END AS worth_each
      FROM (SELECT product_id FROM stock_total WHERE product_id >= part.first_product AND product_id < part.next_product
            UNION SELECT product_id FROM level) x
           LEFT JOIN stock_total t ON t.product_id = x.product_id AND t.product_id >= part.first_product AND t.product_id < part.next_product
           LEFT JOIN summed s ON s.product_id = x.product_id
           LEFT JOIN derived d ON d.product_id = x.product_id
           LEFT JOIN stock_proven_product p ON part.is_incremental AND p.product_id = x.product_id AND NOT p.is_suspect
  ), held AS (
    SELECT level_id, sum(left_over) AS units FROM stock_reservation WHERE closed_at IS NULL GROUP BY level_id
  ), bad AS MATERIALIZED (
    SELECT product_id, its_fault(1, id, format('transaction %s: %s', id, fault)) AS said FROM checked WHERE fault IS NOT NULL
    UNION ALL
    SELECT product_id, its_fault(2, transfer, format('batch %s: of product %s, what left one place did not arrive at another', transfer, product_id))
      FROM checked WHERE transfer IS NOT NULL GROUP BY product_id, transfer HAVING sum(quantity) <> 0
    UNION ALL
    SELECT product_id, its_fault(3, id, format('stock level %s: %s', id, fault)) FROM (
      SELECT l.product_id, l.id, CASE
          WHEN l.on_hand <> coalesce(last.balance_after, 0)
            THEN format('on hand is %s, its last transaction says %s', l.on_hand, coalesce(last.balance_after, 0))
          WHEN (l.seq, l.head_hash) <> (coalesce(last.seq, 0), coalesce(last.hash, '')) OR l.moved_at IS DISTINCT FROM last.created_at
            THEN 'its head is not its last transaction'
          WHEN l.kept_seq > l.seq THEN format('%s transactions were proven before, %s are there', l.kept_seq, l.seq)
          WHEN l.reserved <> coalesce(held.units, 0)
            THEN format('reserved is %s, its reservations hold %s', l.reserved, coalesce(held.units, 0)) END AS fault
        FROM level l LEFT JOIN held ON held.level_id = l.id LEFT JOIN LATERAL (
             SELECT * FROM stock_transaction t WHERE t.level_id = l.id ORDER BY t.seq DESC LIMIT 1) last ON true) x
     WHERE fault IS NOT NULL
    UNION ALL
    SELECT product_id, its_fault(4, product_id, format('product %s: %s', product_id, fault)) FROM (
      SELECT product_id, CASE
          WHEN is_gone THEN 'its total is gone'
          WHEN (on_hand, reserved) <> (level_on_hand, level_reserved)
            THEN format('in all %s on hand, %s reserved; its stock levels say %s, %s', on_hand, reserved, level_on_hand, level_reserved)
          WHEN on_hand <> held THEN format('in all %s on hand; its transactions say %s', on_hand, held)
          WHEN (value, average) <> (worth, worth_each)
            THEN format('its value is %s (%s each); its transactions say %s (%s)', value, average, worth, worth_each)
          WHEN moved_at IS DISTINCT FROM level_moved_at THEN 'when it last moved is not when its stock levels did' END AS fault
        FROM total) x
     WHERE fault IS NOT NULL
  ), kept_levels AS (
    INSERT INTO stock_proven_level AS k (level_id, seq, hash, balance)
      SELECT id, seq, head_hash, on_hand FROM level
       WHERE seq > kept_seq AND product_id NOT IN (SELECT product_id FROM bad) ORDER BY id
      ON CONFLICT (level_id) DO UPDATE SET (seq, hash, balance) = (EXCLUDED.seq, EXCLUDED.hash, EXCLUDED.balance)
       WHERE k.seq < EXCLUDED.seq
  ), kept_products AS (
    INSERT INTO stock_proven_product AS k (product_id, lines, on_hand, value, average, is_suspect)
      SELECT product_id, lines, held, worth, worth_each, product_id IN (SELECT product_id FROM bad) FROM total
       WHERE fresh > 0 OR product_id IN (SELECT product_id FROM bad)
          OR product_id IN (SELECT p.product_id FROM stock_proven_product p
                             WHERE p.is_suspect AND p.product_id >= part.first_product AND p.product_id < part.next_product)
       ORDER BY product_id
      ON CONFLICT (product_id) DO UPDATE SET (lines, on_hand, value, average, is_suspect)
         = (EXCLUDED.lines, EXCLUDED.on_hand, EXCLUDED.value, EXCLUDED.average, EXCLUDED.is_suspect)
       WHERE k.lines < EXCLUDED.lines OR k.is_suspect <> EXCLUDED.is_suspect
  )
  UPDATE stock_verification_part SET levels = (SELECT count(*) FROM level), proven = (SELECT coalesce(sum(seq), 0) FROM level),
         transactions = (SELECT coalesce(sum(fresh), 0) FROM derived), differences = (SELECT count(*) FROM bad),
         faults = ARRAY(SELECT said FROM bad ORDER BY said COLLATE "C" LIMIT 50)
   WHERE run = p_run AND number = part.number;
  RETURN true;
END $$;

-- Looks at what is no product's, and keeps the outcome of a verification whose parts are all done.
CREATE OR REPLACE FUNCTION close_verification(p_run uuid) RETURNS stock_verification
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' SET jit = off AS $$
DECLARE outcome stock_verification; other record;
BEGIN
  IF NOT EXISTS (SELECT FROM stock_verification_part WHERE run = p_run)
     OR EXISTS (SELECT FROM stock_verification_part WHERE run = p_run AND differences IS NULL) THEN
    RAISE check_violation USING CONSTRAINT = 'verification_unfinished', MESSAGE = 'not all parts are verified';
  END IF;
  WITH RECURSIVE hop (level_id) AS (        -- from level to level along the chains' index
    SELECT min(level_id) FROM stock_transaction
    UNION ALL
    SELECT (SELECT min(t.level_id) FROM stock_transaction t WHERE t.level_id > hop.level_id) FROM hop WHERE hop.level_id IS NOT NULL
  ), orphan AS (
    SELECT its_fault(1, t.id, format('transaction %s: its stock level is gone', t.id)) AS said
      FROM hop JOIN stock_transaction t USING (level_id) WHERE NOT EXISTS (SELECT FROM stock_level l WHERE l.id = hop.level_id)
  ), bad AS (
    SELECT said FROM orphan
    UNION ALL
    SELECT its_fault(3, k.level_id, format('stock level %s: it is gone, with %s transactions that were proven before', k.level_id, k.seq))
      FROM stock_proven_level k WHERE NOT EXISTS (SELECT FROM stock_level l WHERE l.id = k.level_id)
    UNION ALL                               -- what was issued against a reservation, and what it holds, is what it was made for
    SELECT its_fault(5, coalesce(r.id, t.reservation_id), format('reservation %s: %s', coalesce(r.id, t.reservation_id), CASE
        WHEN r.id IS NULL THEN 'it is gone, and its transactions are there'
        WHEN (t.lowest, t.highest) <> (r.level_id, r.level_id) THEN 'its transactions are at another stock level'
        ELSE format('of %s units, %s are held and %s were issued', r.quantity, r.left_over, coalesce(-t.units, 0)) END))
      FROM stock_reservation r FULL JOIN (
             SELECT reservation_id, sum(quantity) AS units, min(level_id) AS lowest, max(level_id) AS highest
               FROM stock_transaction WHERE reservation_id IS NOT NULL GROUP BY reservation_id) t ON t.reservation_id = r.id
     WHERE r.id IS NULL OR (t.lowest, t.highest) <> (r.level_id, r.level_id)
        OR CASE WHEN r.closed_as IN ('released', 'expired') THEN r.quantity + coalesce(t.units, 0) < 0
                ELSE r.quantity + coalesce(t.units, 0) <> r.left_over END
    UNION ALL
    SELECT its_fault(6, coalesce(a.id, t.approval_id), format('approval %s: %s', coalesce(a.id, t.approval_id), CASE
        WHEN a.id IS NULL THEN 'it is gone, and its transactions are there'
        WHEN a.approved_by = a.created_by THEN 'who asked for it has approved it'
        WHEN a.approved_by IS NULL THEN 'nobody has approved it, and its transactions are there'
        ELSE 'its transactions are not what was approved' END))
      FROM stock_approval a FULL JOIN (
             SELECT t.approval_id, count(*) AS lines, sum(t.quantity) AS units, bool_and(t.actor_id = w.created_by) AS is_theirs
               FROM stock_transaction t LEFT JOIN stock_approval w ON w.id = t.approval_id
              WHERE t.approval_id IS NOT NULL GROUP BY t.approval_id) t ON t.approval_id = a.id
           LEFT JOIN LATERAL (SELECT count(*) AS lines, sum((m ->> 'quantity')::bigint) AS units
                                FROM jsonb_array_elements(a.movements) m) asked ON true
     WHERE a.id IS NULL OR a.approved_by = a.created_by OR CASE WHEN a.approved_by IS NULL THEN t.lines > 0
                   ELSE (t.lines, t.units, t.is_theirs) IS DISTINCT FROM (asked.lines, asked.units, true) END
    UNION ALL
    SELECT its_fault(7, 0, format('tally: the sums of all products are %s, and should be %s', said, derived))
      FROM (SELECT ROW(coalesce(sum(products), 0), coalesce(sum(units), 0), coalesce(sum(low), 0), coalesce(sum(gone), 0))::text AS said
              FROM stock_tally) s,
           (SELECT ROW(count(*) FILTER (WHERE is_active OR on_hand > 0), coalesce(sum(on_hand), 0),
                       count(*) FILTER (WHERE on_hand BETWEEN 1 AND reorder_point), count(*) FILTER (WHERE is_active AND on_hand = 0))::text AS derived
              FROM stock_total JOIN products_product ON id = product_id) d
     WHERE said <> derived
  )
  SELECT count(*) AS differences, (array_agg(said ORDER BY said COLLATE "C"))[:50] AS faults,
         (SELECT count(*) FROM orphan) AS orphans INTO other FROM bad;
  WITH said AS (
    SELECT f COLLATE "C" AS f FROM stock_verification_part, unnest(faults) f WHERE run = p_run
    UNION ALL SELECT f FROM unnest(other.faults) f ORDER BY 1 LIMIT 50
  )
  INSERT INTO stock_verification (started_at, finished_at, is_incremental, full_at, levels, proven, transactions, differences, first_bad, faults)
    SELECT min(started_at), clock_timestamp(), bool_and(is_incremental),
           CASE WHEN bool_and(is_incremental) THEN (SELECT max(started_at) FROM stock_verification WHERE NOT is_incremental)
                ELSE min(started_at) END, sum(levels), sum(proven), sum(transactions) + other.orphans,
           sum(differences) + other.differences, coalesce((SELECT substr(min(f), 21) FROM said), ''),
           ARRAY(SELECT substr(f, 21) FROM said ORDER BY f)
      FROM stock_verification_part WHERE run = p_run RETURNING * INTO outcome;
  DELETE FROM stock_verification_part WHERE run = p_run;
  -- Of the many good incremental ones, a season is record enough.
  DELETE FROM stock_verification WHERE is_incremental AND differences = 0 AND started_at < outcome.started_at - interval '90 days';
  RETURN outcome;
END $$;

REVOKE ALL ON FUNCTION open_verification, verify_part, close_verification FROM PUBLIC;
