-- How far the ledger has been proven, and the verifications that are under way. Written by the
-- functions of verification.sql alone: the site may read.

CREATE TABLE stock_proven_level (           -- the last line of a level that was found good
  level_id bigint PRIMARY KEY,              -- no foreign key: it remembers a level that is gone
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  balance bigint NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE stock_proven_product (         -- what its totals were after these lines
  product_id bigint PRIMARY KEY,
  lines bigint NOT NULL DEFAULT 0,          -- of all its levels together
  on_hand bigint NOT NULL DEFAULT 0,
  value numeric NOT NULL DEFAULT 0,
  average numeric NOT NULL DEFAULT 0,
  is_suspect boolean NOT NULL DEFAULT false -- something was wrong with it when it was last looked at
) WITH (fillfactor = 80);

CREATE TABLE stock_verification_part (      -- products that are verified together, in one snapshot
  run uuid NOT NULL,
  number bigint NOT NULL,
  is_incremental boolean NOT NULL,
  started_at timestamptz NOT NULL,
  first_product bigint NOT NULL,
  next_product bigint NOT NULL,             -- the first one of the next part
  levels bigint,                            -- this and what follows: null until it is done
  proven bigint,
  transactions bigint,
  differences bigint,
  faults text[],                            -- the first of them, each after the place to sort it by
  PRIMARY KEY (run, number)
);

UPDATE stock_verification SET proven = transactions, full_at = started_at;
DROP FUNCTION verify_ledger;
