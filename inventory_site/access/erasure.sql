-- Forgets a person's name and address, and what their programs were answered; what they did stays.
-- Says nothing of people who never came.
CREATE OR REPLACE FUNCTION erase_person(p_id uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_id::text, 0));
  UPDATE access_person SET name = 'Former colleague', email = ''
    WHERE id = p_id AND id <> '00000000-0000-0000-0000-000000000000';
  DELETE FROM api_keptanswer WHERE person_id = p_id;
END $$;

-- As before, but a request that was under way, or a process that has not heard of it yet, cannot
-- bring back what was erased: whoever writes a name waits for an erasure and then looks for one.
CREATE OR REPLACE FUNCTION remember_person(p_id uuid, p_name text, p_email text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM access_person WHERE id = p_id AND name = p_name AND email = p_email;
  IF FOUND THEN RETURN; END IF;           -- asked first: an upsert would lock the row every time
  PERFORM pg_advisory_xact_lock(hashtextextended(p_id::text, 0));
  PERFORM FROM access_cutoff WHERE name = 'sub:' || p_id AND is_erasure;
  IF FOUND THEN
    p_name := 'Former colleague';
    p_email := '';
  END IF;
  INSERT INTO access_person (id, name, email) VALUES (p_id, p_name, p_email)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email
    WHERE access_person.id <> '00000000-0000-0000-0000-000000000000';   -- the system keeps its name
END $$;

REVOKE ALL ON FUNCTION erase_person FROM PUBLIC;
