-- Every line against its predecessor, every balance against its last line, in one statement's
-- snapshot. Keeps and returns one row: how many of each, how many disagree, and the first that does
-- (a line by its id before a level by its own). Nobody else may write that table: no forged proof.
CREATE OR REPLACE FUNCTION verify_ledger() RETURNS stock_verification
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
WITH line AS (
  SELECT t.id, CASE
      WHEN l.id IS NULL THEN 'its stock level is gone'
      WHEN t.seq <> lag(t.seq, 1, 0::bigint) OVER chain + 1 THEN 'a line before it is missing'
      WHEN t.prev_hash <> lag(t.hash, 1, ''::bytea) OVER chain THEN 'its link to the line before it is broken'
      WHEN t.digest <> movement_digest(l.product_id, l.location_id, t.kind, t.quantity, t.actor_id,
             t.reason, t.reference, t.reverses_id, t.batch_id, t.recipient, t.occurred_on, t.supplier_id, t.unit_cost, t.reservation_id) THEN 'its content was changed'
      WHEN t.balance_after <> lag(t.balance_after, 1, 0::bigint) OVER chain + t.quantity THEN 'its balance does not follow'
      WHEN t.hash <> chain_hash(t.prev_hash, t.digest, t.seq, t.balance_after, t.idempotency_key, t.created_at, t.value, t.approval_id)
        THEN 'its hash does not match its content'
      WHEN t.created_at < lag(t.created_at) OVER chain THEN 'it is older than the line before it'
      WHEN t.reverses_id IS NOT NULL AND NOT EXISTS (SELECT FROM stock_transaction e
           WHERE e.id = t.reverses_id AND e.level_id = t.level_id AND e.quantity = -t.quantity)
        THEN 'it does not match the transaction it takes back'
    END AS fault
  FROM stock_transaction t LEFT JOIN stock_level l ON l.id = t.level_id
  WINDOW chain AS (PARTITION BY t.level_id ORDER BY t.seq)
), level AS (
  SELECT l.id, CASE WHEN (l.on_hand, l.seq, l.head_hash) IS DISTINCT FROM
      (coalesce(last.balance_after, 0), coalesce(last.seq, 0), coalesce(last.hash, '')) OR l.moved_at IS DISTINCT FROM last.created_at
      THEN format('on hand is %s, its last transaction says %s', l.on_hand, coalesce(last.balance_after, 0)) END AS fault
  FROM stock_level l LEFT JOIN LATERAL (
    SELECT * FROM stock_transaction t WHERE t.level_id = l.id ORDER BY t.seq DESC LIMIT 1) last ON true
)
INSERT INTO stock_verification (started_at, levels, transactions, differences, first_bad)
SELECT now(),
       (SELECT count(*) FROM level),
       (SELECT count(*) FROM line),
       (SELECT count(fault) FROM line) + (SELECT count(fault) FROM level),
       coalesce((SELECT format('transaction %s: %s', id, fault) FROM line WHERE fault IS NOT NULL ORDER BY id LIMIT 1),
                (SELECT format('stock level %s: %s', id, fault) FROM level WHERE fault IS NOT NULL ORDER BY id LIMIT 1), '')
RETURNING *;
$$;
REVOKE ALL ON FUNCTION verify_ledger FROM PUBLIC;
