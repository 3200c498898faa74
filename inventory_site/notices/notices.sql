-- What puts notices into the outbox, on every path, also psql: triggers, in the atomic block of what
-- they tell. A notice that was written is committed with it or vanishes with it.

-- A product at all its locations together crossed its minimum, or ran out. Asked at the end of the
-- atomic block: a transfer takes from one place before it puts into another, and that is no shortage.
-- Only what takes units away gets here, so that importing stock pays nothing for it.
CREATE FUNCTION notice_of_shortage() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE product record;
BEGIN
  SELECT p.id, p.sku, p.name, p.reorder_point, t.on_hand INTO product
    FROM products_product p JOIN stock_total t ON t.product_id = p.id WHERE p.id = NEW.product_id AND p.is_active;
  IF NEW.on_hand = 0 AND product.on_hand = 0
     OR OLD.on_hand > product.reorder_point AND NEW.on_hand <= product.reorder_point
        AND product.on_hand BETWEEN 1 AND product.reorder_point THEN
    INSERT INTO notices_notice (kind, data)
    VALUES (CASE product.on_hand WHEN 0 THEN 'out_of_stock' ELSE 'low_stock' END,
            jsonb_build_object('product', jsonb_build_object('id', product.id, 'sku', product.sku, 'name', product.name),
                               'location', NULL, 'on_hand', product.on_hand, 'reorder_point', product.reorder_point));
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER notice_of_shortage AFTER UPDATE ON stock_total DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.on_hand < OLD.on_hand) EXECUTE FUNCTION notice_of_shortage();

-- The same for a place that has a minimum of its own.
CREATE FUNCTION notice_of_local_shortage() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO notices_notice (kind, data)
    SELECT 'low_stock',
           jsonb_build_object('product', jsonb_build_object('id', p.id, 'sku', p.sku, 'name', p.name),
                              'location', jsonb_build_object('id', place.id, 'code', place.code),
                              'on_hand', l.on_hand, 'reorder_point', r.quantity)
      FROM products_reorderpoint r JOIN products_product p ON p.id = r.product_id
           JOIN products_location place ON place.id = r.location_id JOIN stock_level l ON l.id = NEW.id
     WHERE r.product_id = NEW.product_id AND r.location_id = NEW.location_id AND p.is_active
       AND OLD.on_hand > r.quantity AND NEW.on_hand <= r.quantity AND l.on_hand <= r.quantity;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER notice_of_local_shortage AFTER UPDATE ON stock_level DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.on_hand < OLD.on_hand) EXECUTE FUNCTION notice_of_local_shortage();

CREATE FUNCTION notice_of_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO notices_notice (kind, data)
  VALUES ('approval_waiting', jsonb_build_object('approval', NEW.id, 'batch', NEW.batch_kind, 'units', NEW.units,
            'value', NEW.value::text, 'reason', NEW.reason, 'reference', NEW.reference, 'asked_by', NEW.created_by));
  RETURN NULL;
END $$;
CREATE TRIGGER notice_of_approval AFTER INSERT ON stock_approval
  FOR EACH ROW EXECUTE FUNCTION notice_of_approval();

-- The incremental ones, every few minutes, tell of what is new; the daily ones of what still stands.
CREATE FUNCTION notice_of_verification() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.is_incremental AND (NEW.differences, NEW.first_bad) = (
       SELECT differences, first_bad FROM stock_verification WHERE id < NEW.id ORDER BY id DESC LIMIT 1) THEN
    RETURN NULL;
  END IF;
  INSERT INTO notices_notice (kind, data)
  VALUES ('verification_failed', jsonb_build_object('verification', NEW.id, 'started_at', NEW.started_at,
            'differences', NEW.differences, 'first_bad', NEW.first_bad));
  RETURN NULL;
END $$;
CREATE TRIGGER notice_of_verification AFTER INSERT ON stock_verification
  FOR EACH ROW WHEN (NEW.differences > 0) EXECUTE FUNCTION notice_of_verification();

-- Every active webhook that asks for the kind gets a delivery, and a worker is woken at the commit.
CREATE FUNCTION deliver_notice() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO notices_delivery (webhook_id, notice_id)
    SELECT w.id, NEW.id FROM notices_webhook w WHERE w.is_active AND NEW.kind = ANY (w.kinds);
  RETURN NULL;
END $$;
CREATE TRIGGER deliver_notice AFTER INSERT ON notices_notice
  FOR EACH ROW EXECUTE FUNCTION deliver_notice();

CREATE FUNCTION wake_worker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('delivery', '');
  RETURN NULL;
END $$;
CREATE TRIGGER wake_worker AFTER INSERT ON notices_delivery
  FOR EACH ROW EXECUTE FUNCTION wake_worker();
