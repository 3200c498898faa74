-- The tables of a complete ledger: acts of several lines, totals with their worth, reservations,
-- approvals. What may write them stands in ledger.sql, reservations.sql and approvals.sql.

CREATE TABLE stock_batch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CONSTRAINT batch_kind
    CHECK (kind IN ('transfer', 'receipt', 'bulk', 'import', 'count', 'reversal')),
  reason text NOT NULL CONSTRAINT reason_length CHECK (char_length(reason) <= 200),
  reference text NOT NULL CONSTRAINT reference_length CHECK (char_length(reference) <= 64),
  reverses_id bigint CONSTRAINT batch_already_reversed UNIQUE REFERENCES stock_batch ON DELETE RESTRICT,
  actor_id uuid NOT NULL,
  idempotency_key uuid NOT NULL,
  digest bytea NOT NULL,                    -- of what was asked for
  created_at timestamptz NOT NULL,          -- drawn under the locks of all its products; its lines' too
  opened_in xid8 NOT NULL DEFAULT pg_current_xact_id(),  -- only that atomic block may add lines
  CONSTRAINT batch_reversal CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL)),
  CONSTRAINT batch_key_reused UNIQUE (actor_id, idempotency_key)
);
CREATE INDEX stock_batch_by_time ON stock_batch (created_at DESC, id DESC);

-- A product at all its locations together. The row's lock is the product's: every write takes it
-- first, in the order of ids, so that no two acts wait for each other.
CREATE TABLE stock_total (
  product_id bigint PRIMARY KEY REFERENCES products_product NOT ENFORCED,  -- triggers see to it
  on_hand bigint NOT NULL DEFAULT 0,
  reserved bigint NOT NULL DEFAULT 0,
  value numeric(20,4) NOT NULL DEFAULT 0 CONSTRAINT total_value CHECK (value >= 0),  -- of all on hand
  average numeric(20,6) NOT NULL DEFAULT 0, -- cost of a unit; stays when the last one goes
  moved_at timestamptz
) WITH (fillfactor = 80);

-- Differences whose sum is what the dashboard's tiles show; fold_tally() keeps them few. One row
-- that everybody updates would make all movements wait for each other.
CREATE TABLE stock_tally (
  products int NOT NULL, units bigint NOT NULL, low int NOT NULL, gone int NOT NULL
);

-- What the ledger must know of the settings; migrate writes it.
CREATE TABLE stock_policy (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  approve_units bigint,                     -- more than that needs a second person; null: none does
  approve_value numeric(20,4)
);
INSERT INTO stock_policy DEFAULT VALUES;

CREATE TABLE stock_reservation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  level_id bigint NOT NULL REFERENCES stock_level ON DELETE RESTRICT,
  product_id bigint NOT NULL,
  location_id bigint NOT NULL,
  quantity bigint NOT NULL CONSTRAINT quantity_limit CHECK (quantity BETWEEN 1 AND 1000000),
  left_over bigint NOT NULL,                -- still held: part of the level's reserved
  recipient text NOT NULL CONSTRAINT reservation_recipient CHECK (char_length(recipient) BETWEEN 1 AND 120),
  reference text NOT NULL CONSTRAINT reference_length CHECK (char_length(reference) <= 64),
  until date NOT NULL,                      -- the last day it holds
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  idempotency_key uuid NOT NULL,
  closed_by uuid,
  closed_at timestamptz,
  closed_as text NOT NULL DEFAULT '' CONSTRAINT reservation_closed_as
    CHECK (closed_as IN ('', 'issued', 'released', 'expired')),
  CONSTRAINT reservation_left_over CHECK (left_over BETWEEN 0 AND quantity),
  CONSTRAINT reservation_closed CHECK ((closed_at IS NULL) = (closed_as = '') AND (closed_at IS NULL OR left_over = 0)),
  CONSTRAINT reservation_key_reused UNIQUE (created_by, idempotency_key)
);
CREATE INDEX stock_reservation_open ON stock_reservation (level_id) WHERE closed_at IS NULL;
CREATE INDEX stock_reservation_until ON stock_reservation (until, id) WHERE closed_at IS NULL;
CREATE INDEX stock_reservation_by_time ON stock_reservation (created_at DESC, id DESC);

CREATE TABLE stock_approval (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  movements jsonb NOT NULL,                 -- the act as asked for
  batch_kind text NOT NULL,                 -- empty: one movement without a batch
  reason text NOT NULL,
  reference text NOT NULL,
  units bigint NOT NULL,
  value numeric(20,4) NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  idempotency_key uuid NOT NULL,
  approved_by uuid,
  refused_by uuid,                          -- also who asked, taking it back
  decided_at timestamptz,
  refusal text NOT NULL DEFAULT '' CONSTRAINT refusal_length CHECK (char_length(refusal) <= 200),
  CONSTRAINT four_eyes CHECK (approved_by <> created_by),
  CONSTRAINT approval_decided CHECK (num_nonnulls(approved_by, refused_by) = (decided_at IS NOT NULL)::int),
  CONSTRAINT refusal_reason CHECK (refused_by IS NULL OR refusal <> ''),
  CONSTRAINT approval_key_reused UNIQUE (created_by, idempotency_key)
);
CREATE INDEX stock_approval_waiting ON stock_approval (created_at DESC, id DESC) WHERE decided_at IS NULL;
CREATE INDEX stock_approval_by_time ON stock_approval (created_at DESC, id DESC);

-- What a line names is looked up once a statement (guards.sql) rather than once a row and name: such
-- references are declared, but NOT ENFORCED. A supplier can be removed, all else that is named stays.
ALTER TABLE stock_transaction
  ALTER CONSTRAINT stock_transaction_level_id_fkey NOT ENFORCED,
  ALTER CONSTRAINT stock_transaction_reverses_id_fkey NOT ENFORCED,
  ADD COLUMN product_id bigint,             -- its level's, for indexes
  ADD COLUMN batch_id bigint REFERENCES stock_batch NOT ENFORCED,
  ADD COLUMN occurred_on date,              -- what the person says of a movement recorded late
  ADD COLUMN supplier_id bigint CONSTRAINT unknown_supplier REFERENCES products_supplier ON DELETE RESTRICT,
  ADD COLUMN unit_cost numeric(14,4) CONSTRAINT unit_cost_range CHECK (unit_cost >= 0),
  ADD COLUMN recipient text NOT NULL DEFAULT '' CONSTRAINT recipient_length CHECK (char_length(recipient) <= 120),
  ADD COLUMN reservation_id bigint REFERENCES stock_reservation NOT ENFORCED,
  ADD COLUMN approval_id bigint REFERENCES stock_approval NOT ENFORCED,
  ADD COLUMN value numeric(20,4),           -- what it added to the product's; null: older than values
  ALTER COLUMN idempotency_key DROP NOT NULL;  -- a batch has one for all its lines
ALTER TABLE stock_transaction DISABLE TRIGGER append_only;
UPDATE stock_transaction t SET product_id = l.product_id FROM stock_level l WHERE l.id = t.level_id;
ALTER TABLE stock_transaction ENABLE TRIGGER append_only;
ALTER TABLE stock_transaction
  ALTER COLUMN product_id SET NOT NULL,
  DROP CONSTRAINT kind_sign, DROP CONSTRAINT adjustment_reason,
  DROP CONSTRAINT idempotency_key_reused, DROP CONSTRAINT already_reversed,
  ADD CONSTRAINT kind_sign CHECK (          -- written so that it is short to read, also for each statement
    CASE WHEN kind = ANY ('{receipt,return}') THEN quantity > 0 WHEN kind = ANY ('{issue,write_off}') THEN quantity < 0
         ELSE quantity <> 0 AND kind = ANY ('{transfer,adjustment,count,reversal}') END),
  ADD CONSTRAINT reason_needed CHECK (reason <> '' OR kind <> ALL ('{adjustment,write_off}')),
  ADD CONSTRAINT fields_of_kind CHECK (
    (kind = 'receipt' OR num_nonnulls(supplier_id, unit_cost) = 0)
    AND (kind IN ('issue', 'return') OR recipient = '')
    AND (kind = 'issue' OR reservation_id IS NULL)),
  ADD CONSTRAINT key_or_batch CHECK (num_nonnulls(idempotency_key, batch_id) >= 1),
  ADD CONSTRAINT transfer_in_batch CHECK (kind <> 'transfer' OR batch_id IS NOT NULL),
  ADD CONSTRAINT occurred_before CHECK (occurred_on <= (created_at AT TIME ZONE 'UTC')::date + 1);
CREATE UNIQUE INDEX idempotency_key_reused ON stock_transaction (actor_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX already_reversed ON stock_transaction (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX stock_transaction_of_product ON stock_transaction (product_id, created_at DESC, id DESC);
CREATE INDEX stock_transaction_of_batch ON stock_transaction (batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX stock_transaction_of_reservation ON stock_transaction (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX stock_transaction_of_approval ON stock_transaction (approval_id) WHERE approval_id IS NOT NULL;

INSERT INTO stock_total (product_id, on_hand, reserved, moved_at)
  SELECT p.id, coalesce(sum(l.on_hand), 0), coalesce(sum(l.reserved), 0), max(l.moved_at)
    FROM products_product p LEFT JOIN stock_level l ON l.product_id = p.id GROUP BY p.id;

DROP FUNCTION record_movement, record_movements, reverse_movement, append_line, lock_level, movement_digest, chain_hash;
