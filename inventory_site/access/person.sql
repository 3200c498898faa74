-- People are remembered by this function alone: the app role may read the table and call this.
CREATE FUNCTION remember_person(p_id uuid, p_name text, p_email text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM access_person WHERE id = p_id AND name = p_name AND email = p_email;
  IF NOT FOUND THEN                       -- asked first: an upsert would lock the row every time
    INSERT INTO access_person (id, name, email) VALUES (p_id, p_name, p_email)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email
      WHERE access_person.id <> '00000000-0000-0000-0000-000000000000';   -- the system keeps its name
  END IF;
END $$;

-- The ledger names its actors without a foreign key (shared row locks on a busy person cost more
-- than this): instead nobody, not even the owner by accident, removes one.
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE insufficient_privilege USING CONSTRAINT = 'people_stay', MESSAGE = 'people are never removed';
END $$;
CREATE TRIGGER people_stay BEFORE DELETE OR TRUNCATE ON access_person
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

REVOKE ALL ON FUNCTION remember_person FROM PUBLIC;
