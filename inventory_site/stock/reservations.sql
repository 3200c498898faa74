-- Reservations: units held for somebody. What is held can go only to whom it is held for.

CREATE OR REPLACE FUNCTION its_holding(p_level bigint, p_units bigint) RETURNS void
LANGUAGE sql AS $$
  UPDATE stock_level SET reserved = reserved + p_units WHERE id = p_level;
  UPDATE stock_total t SET reserved = t.reserved + p_units FROM stock_level l WHERE l.id = p_level AND t.product_id = l.product_id;
$$;

-- Holds units: {product or sku, location or place, quantity, recipient, reference}, up to a day.
CREATE OR REPLACE FUNCTION reserve_stock(p_wish jsonb, p_until date, p_actor uuid, p_name text, p_email text, p_key uuid)
RETURNS stock_reservation LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE a stock_asked := (its_lines(jsonb_build_array(p_wish)))[1]; at timestamptz; lvl stock_level; held stock_reservation;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  at := its_lock(ARRAY[a.product]);
  SELECT * INTO held FROM stock_reservation WHERE created_by = p_actor AND idempotency_key = p_key;
  IF FOUND AND (held.product_id, held.location_id, held.quantity, held.recipient, held.reference, held.until)
             = (a.product, a.location, a.quantity, a.recipient, a.reference, p_until) THEN
    RETURN held;
  END IF;
  IF its_key_is_free(p_actor, p_key) THEN
    PERFORM its_waiting_act(p_actor, p_key, '[]', '');
  END IF;
  SELECT * INTO lvl FROM stock_level WHERE product_id = a.product AND location_id = a.location;
  IF lvl.id IS NULL OR lvl.on_hand - lvl.reserved < a.quantity THEN
    RAISE check_violation USING CONSTRAINT = 'insufficient_stock', MESSAGE = 'not enough stock to hold',
      DETAIL = jsonb_build_object('available', coalesce(lvl.on_hand - lvl.reserved, 0));
  END IF;
  INSERT INTO stock_reservation (level_id, product_id, location_id, quantity, left_over, recipient, reference, until,
                                 created_by, created_at, idempotency_key)
    VALUES (lvl.id, a.product, a.location, a.quantity, a.quantity, a.recipient, a.reference, p_until, p_actor, at, p_key)
    RETURNING * INTO held;
  PERFORM its_holding(lvl.id, a.quantity);
  RETURN held;
END $$;

-- Lets go of what a reservation still holds. One that is closed already stays as it is.
CREATE OR REPLACE FUNCTION release_reservation(p_reservation bigint, p_as text, p_actor uuid, p_name text, p_email text)
RETURNS stock_reservation LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held stock_reservation; at timestamptz; units bigint;
BEGIN
  PERFORM remember_person(p_actor, p_name, p_email);
  SELECT * INTO held FROM stock_reservation WHERE id = p_reservation;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'unknown_reservation', MESSAGE = 'there is no such reservation';
  END IF;
  at := its_lock(ARRAY[held.product_id]);
  SELECT left_over INTO units FROM stock_reservation WHERE id = p_reservation;
  UPDATE stock_reservation SET left_over = 0, closed_by = p_actor, closed_at = at, closed_as = p_as
   WHERE id = p_reservation AND closed_at IS NULL RETURNING * INTO held;
  IF FOUND THEN
    PERFORM its_holding(held.level_id, -units);
  ELSE
    SELECT * INTO held FROM stock_reservation WHERE id = p_reservation;
  END IF;
  RETURN held;
END $$;
