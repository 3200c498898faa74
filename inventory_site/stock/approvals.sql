-- Four eyes: an act that one person asks for and another lets happen.

-- Keeps an act for somebody else to look at: lines as record_movement takes them; p_batch_kind is
-- empty for a single movement. What the person saw is dropped: their act is the difference to it.
CREATE OR REPLACE FUNCTION request_approval(p_lines jsonb, p_batch_kind text, p_reason text, p_reference text,
    p_units bigint, p_value numeric, p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS stock_approval LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE asked jsonb := its_wish(p_lines); waiting stock_approval;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  INSERT INTO stock_approval (movements, batch_kind, reason, reference, units, value, created_by, created_at, idempotency_key)
    VALUES (asked, p_batch_kind, p_reason, p_reference, p_units, p_value, p_actor, clock_timestamp(), p_key)
    ON CONFLICT ON CONSTRAINT approval_key_reused DO NOTHING RETURNING * INTO waiting;
  IF FOUND THEN
    PERFORM its_key_is_free(p_actor, p_key);
  ELSE
    SELECT * INTO waiting FROM stock_approval WHERE created_by = p_actor AND idempotency_key = p_key;
    IF (waiting.movements, waiting.batch_kind, waiting.reason, waiting.reference)
       IS DISTINCT FROM (asked, p_batch_kind, p_reason, p_reference) THEN
      RAISE unique_violation USING CONSTRAINT = 'idempotency_key_reused', MESSAGE = 'this idempotency key was used for another act';
    END IF;
  END IF;
  RETURN waiting;
END $$;

CREATE OR REPLACE FUNCTION its_waiting(p_approval bigint) RETURNS stock_approval
LANGUAGE plpgsql AS $$
DECLARE waiting stock_approval;
BEGIN
  SELECT * INTO waiting FROM stock_approval WHERE id = p_approval FOR UPDATE;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_approval', MESSAGE = 'there is no such approval';
  ELSIF waiting.decided_at IS NOT NULL THEN
    RAISE check_violation USING CONSTRAINT = 'already_decided', MESSAGE = 'this was decided before';
  END IF;
  RETURN waiting;
END $$;

-- Lets the act happen, as who asked for it, now.
CREATE OR REPLACE FUNCTION approve_act(p_approval bigint, p_actor uuid, p_name text, p_email text)
RETURNS stock_approval LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE waiting stock_approval := its_waiting(p_approval); asked stock_asked[]; at timestamptz; batch stock_batch;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  UPDATE stock_approval SET approved_by = p_actor, decided_at = clock_timestamp() WHERE id = p_approval RETURNING * INTO waiting;
  SELECT array_agg(ROW(a.n, a.rank, a.product, a.location, a.kind, a.quantity, a.reason, a.reference, a.recipient, a.occurred_on,
           a.supplier, a.unit_cost, a.reservation, NULL, NULL, waiting.id)::stock_asked ORDER BY a.n)
    INTO asked FROM unnest(its_lines(waiting.movements)) a;
  IF waiting.batch_kind = '' THEN
    at := its_lock(ARRAY[asked[1].product]);
    PERFORM its_writing(asked, NULL, at, waiting.created_by, waiting.idempotency_key);
  ELSE
    SELECT b.* INTO batch FROM access_person p, open_batch(waiting.batch_kind, ARRAY(SELECT DISTINCT a.product FROM unnest(asked) a),
      waiting.reason, waiting.reference, its_digest(waiting.movements, waiting.reason, waiting.reference),
      waiting.created_by, p.name, p.email, waiting.idempotency_key) b WHERE p.id = waiting.created_by;
    PERFORM its_extension(batch.id, asked);
  END IF;
  RETURN waiting;
END $$;

-- Ends the wait with a reason; who asked may take it back so.
CREATE OR REPLACE FUNCTION refuse_act(p_approval bigint, p_refusal text, p_actor uuid, p_name text, p_email text)
RETURNS stock_approval LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE waiting stock_approval := its_waiting(p_approval);
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  UPDATE stock_approval SET refused_by = p_actor, refusal = p_refusal, decided_at = clock_timestamp()
   WHERE id = p_approval RETURNING * INTO waiting;
  RETURN waiting;
END $$;
