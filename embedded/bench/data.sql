-- Generated products and a ledger about them, loaded as the superuser, past the ledger's functions but
-- by their rules: every line has its balance, its worth and its place in the chain, and verify_ledger
-- finds nothing. All set-based; the chain is an aggregate over a window. May be called again for more.

CREATE SCHEMA bench;

CREATE TABLE bench.place (                  -- the places of products, numbered; the first is the busy one
  n bigint PRIMARY KEY, level_id bigint NOT NULL, product_id bigint NOT NULL, location_id bigint NOT NULL,
  cost numeric(14,4) NOT NULL, opening int NOT NULL, is_open boolean NOT NULL DEFAULT false);
CREATE UNLOGGED TABLE bench.asked (         -- what is about to be written, in the order of k
  k bigint, n bigint, kind text, quantity bigint, at timestamptz);

-- A number from 0 to `below` - 1 that looks thrown, the same every time.
CREATE FUNCTION bench.thrown(a bigint, salt int, below bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ((hashint8extended(a, salt) % below) + below) % below;

-- Everybody and everything that products and lines name.
CREATE FUNCTION bench.make_surroundings() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO products_manufacturer (name) SELECT format('%s %s', a, b)
    FROM unnest('{Acorn,Birch,Cedar,Dogwood,Elm,Fir,Ginkgo,Hazel,Juniper,Larch}'::text[]) a,
         unnest('{Networks,Systems,Micro,Audio,Power}'::text[]) b;
  INSERT INTO products_category (name) SELECT format('Section %s', a) FROM generate_series(1, 8) a;
  INSERT INTO products_category (name, parent_id)
    SELECT format('Group %s', b), c.id FROM products_category c, generate_series(1, 5) b WHERE c.name LIKE 'Section %';
  INSERT INTO products_location (code, name) VALUES ('BENCH', 'Generated');
  INSERT INTO products_location (code, name, parent_id)
    SELECT format('BENCH-%s', to_char(a, 'FM00')), format('Shelf %s', a), l.id
      FROM generate_series(1, 50) a, products_location l WHERE l.code = 'BENCH';
  PERFORM remember_person(md5(format('bench %s', a))::uuid, format('Person %s', a), format('person%s@bench.example', a))
    FROM generate_series(1, 20) a;
END $$;

-- Products number `first` to `last`; four of five lie somewhere, every tenth of those at two places.
CREATE FUNCTION bench.make_products(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE makers bigint[]; categories bigint[]; locations bigint[];
  things text[] := '{Switch,Router,Laptop,Monitor,Dock,Keyboard,Mouse,Cable,Adapter,Headset,Camera,Server,Battery,Charger,Printer,Scanner,Drive,Memory,Rack,Phone}';
  sorts text[] := '{Basic,Compact,Slim,Pro,Ultra,Office,Field,Rugged,Silent,Dual}';
BEGIN
  SELECT array_agg(id ORDER BY id) INTO makers FROM products_manufacturer;
  SELECT array_agg(id ORDER BY id) INTO categories FROM products_category WHERE name LIKE 'Group %';
  SELECT array_agg(id ORDER BY id) INTO locations FROM products_location WHERE code LIKE 'BENCH-%';
  INSERT INTO products_product (sku, name, manufacturer_id, part_number, category_id, description, reorder_point, is_active, created_at)
    SELECT format('BENCH-%s', to_char(n, 'FM00000000')),
           format('%s %s %s', sorts[1 + bench.thrown(n, 1, 10)], things[1 + bench.thrown(n, 2, 20)], upper(left(md5(n::text), 6))),
           makers[1 + bench.thrown(n, 3, cardinality(makers))], format('PN-%s-%s', bench.thrown(n, 4, 1000), n),
           categories[1 + bench.thrown(n, 5, cardinality(categories))], '',
           CASE WHEN n % 40 = 2 THEN 1000000 ELSE 5 END, true, now() - interval '2 years'
      FROM generate_series(first, last) n;
  WITH made AS (
    INSERT INTO stock_level (product_id, location_id)
      SELECT p.id, locations[1 + (bench.thrown(n, 6, cardinality(locations)) + s) % cardinality(locations)]
        FROM generate_series(first, last) n JOIN products_product p ON upper(p.sku) = format('BENCH-%s', to_char(n, 'FM00000000')),
             generate_series(0, CASE WHEN n % 10 = 3 THEN 1 ELSE 0 END) s
       WHERE n % 5 <> 0 ORDER BY n, s
      RETURNING id, product_id, location_id)
  INSERT INTO bench.place
    SELECT (SELECT count(*) FROM bench.place) + row_number() OVER (ORDER BY id), id, product_id, location_id,
           1 + bench.thrown(product_id, 7, 5000000) / 10000.0, 1000 + bench.thrown(id, 8, 500)
      FROM made;
  UPDATE bench.place SET opening = 1000000 WHERE n = 1;
END $$;

-- One more link, behind the last one or, for the first, behind the head that the level has.
CREATE FUNCTION bench.link(last bytea, head bytea, digest bytea, seq bigint, balance bigint, key uuid, at timestamptz, value numeric)
RETURNS bytea LANGUAGE sql STABLE RETURN chain_hash(coalesce(last, head), digest, seq, balance, key, at, value, NULL);
CREATE AGGREGATE bench.chained(head bytea, digest bytea, seq bigint, balance bigint, key uuid, at timestamptz, value numeric)
  (sfunc = bench.link, stype = bytea);

-- Writes what is in bench.asked, and the levels that follow. Each product has one cost for ever, so
-- that its average is that cost whatever comes and goes.
CREATE FUNCTION bench.write() RETURNS bigint LANGUAGE plpgsql SET work_mem = '256MB' AS $$
DECLARE before bigint; written bigint;
BEGIN
  SELECT coalesce(max(id), 0) INTO before FROM stock_transaction;
  ANALYZE bench.asked;
  INSERT INTO stock_transaction (level_id, product_id, seq, kind, quantity, balance_after, reason, reference, recipient, unit_cost,
                                 actor_id, idempotency_key, digest, value, created_at, prev_hash, hash)
    SELECT level_id, product_id, seq, kind, quantity, after, reason, reference, recipient, unit_cost,
           actor, key, digest, value, at, coalesce(lag(hash) OVER (PARTITION BY level_id ORDER BY seq), head), hash
      FROM (SELECT d.*, bench.chained(head, digest, seq, after, key, at, value) OVER (PARTITION BY level_id ORDER BY seq) AS hash
              FROM (SELECT c.*, movement_digest(product_id, location_id, kind, quantity, actor, reason, reference, NULL, NULL,
                                                recipient, NULL, NULL, unit_cost, NULL) AS digest
                      FROM (SELECT a.k, a.kind, a.quantity, a.at, l.id AS level_id, l.product_id, l.location_id, l.head_hash AS head,
                                   l.seq + row_number() OVER of_level AS seq,
                                   (l.on_hand + sum(a.quantity) OVER of_level)::bigint AS after,
                                   (a.quantity * p.cost)::numeric(20,4) AS value, gen_random_uuid() AS key,
                                   md5(format('bench %s', 1 + a.k % 20))::uuid AS actor,
                                   CASE WHEN a.kind IN ('adjustment', 'write_off') THEN 'Damaged' ELSE '' END AS reason,
                                   format('T-%s', a.k) AS reference,
                                   CASE a.kind WHEN 'issue' THEN format('Team %s', a.k % 30) ELSE '' END AS recipient,
                                   CASE a.kind WHEN 'receipt' THEN p.cost END AS unit_cost
                              FROM bench.asked a JOIN bench.place p USING (n) JOIN stock_level l ON l.id = p.level_id
                            WINDOW of_level AS (PARTITION BY l.id ORDER BY a.k)) c) d) h
     ORDER BY k;
  GET DIAGNOSTICS written = ROW_COUNT;
  UPDATE stock_level l SET on_hand = t.balance_after, seq = t.seq, head_hash = t.hash, moved_at = t.created_at
    FROM (SELECT DISTINCT ON (level_id) * FROM stock_transaction WHERE id > before ORDER BY level_id, seq DESC) t
   WHERE l.id = t.level_id;
  TRUNCATE bench.asked;
  RETURN written;
END $$;

-- The opening receipt of every place that has none yet.
CREATE FUNCTION bench.open_places(since timestamptz, until timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bench.asked
    SELECT n, n, 'receipt', opening, since + (until - since) * (row_number() OVER (ORDER BY n))::float8 / count(*) OVER ()
      FROM bench.place WHERE NOT is_open;
  UPDATE bench.place SET is_open = true WHERE NOT is_open;
  RETURN bench.write();
END $$;

-- So many movements, in order of time: every twentieth at the busy place, the others anywhere.
CREATE FUNCTION bench.move(first bigint, last bigint, since timestamptz, until timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE places bigint := (SELECT count(*) FROM bench.place);
BEGIN
  INSERT INTO bench.asked
    SELECT k, CASE WHEN k % 20 = 0 THEN 1 ELSE 1 + bench.thrown(k, 9, places) END,
           CASE kind WHEN 0 THEN 'adjustment' WHEN 1 THEN 'write_off' WHEN 2 THEN 'return' ELSE CASE WHEN odd THEN 'issue' ELSE 'receipt' END END,
           CASE WHEN kind = 2 THEN 1 WHEN kind = 1 OR odd THEN -1 ELSE 1 END * (1 + bench.thrown(k / 2, 10, 3)),
           since + (until - since) * ((k - first)::float8 / greatest(last - first, 1))
      FROM (SELECT k, bench.thrown(k, 11, 40) AS kind, CASE WHEN k % 20 = 0 THEN k % 40 = 0 ELSE k % 2 = 1 END AS odd
              FROM generate_series(first, last) k) x;
  RETURN bench.write();
END $$;

-- What products have at all their places together.
CREATE FUNCTION bench.add_up() RETURNS void LANGUAGE sql BEGIN ATOMIC
  UPDATE stock_total t SET on_hand = s.on_hand, value = s.on_hand * s.cost, average = s.cost, moved_at = s.moved_at
    FROM (SELECT l.product_id, sum(l.on_hand)::bigint AS on_hand, max(l.moved_at) AS moved_at, min(p.cost) AS cost
            FROM bench.place p JOIN stock_level l ON l.id = p.level_id GROUP BY l.product_id) s
   WHERE t.product_id = s.product_id AND (t.on_hand, t.moved_at) IS DISTINCT FROM (s.on_hand, s.moved_at);
END;
