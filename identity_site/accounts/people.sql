-- What the database itself holds true about people, on any path: page, command, bulk update, psql.
--
-- Every change of a role or of being active is written down, with who did it, and stays as it was
-- written. An active administrator remains. Somebody who was erased stays erased.
-- The app role may read the history and call record_person_act and scrub_admin_log (rights.py).

-- Who does it comes from accounts/acting.py for one atomic block; NULL is somebody outside the site.
CREATE FUNCTION write_person_change(p_person uuid, p_what text, p_old text, p_new text)
RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO accounts_personchange (person_id, what, old, new, changed_by_id, changed_at)
  VALUES (p_person, p_what, p_old, p_new, nullif(current_setting('techstock.actor', true), '')::uuid,
          clock_timestamp());
$$;

CREATE FUNCTION audit_person() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM write_person_change(NEW.id, 'created', '', NEW.role);
    RETURN NULL;
  END IF;
  IF NEW.role <> OLD.role THEN
    PERFORM write_person_change(NEW.id, 'role', OLD.role, NEW.role);
  END IF;
  IF NEW.is_active <> OLD.is_active THEN
    PERFORM write_person_change(NEW.id, 'active', OLD.is_active::text, NEW.is_active::text);
  END IF;
  IF NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL THEN
    PERFORM write_person_change(NEW.id, 'erased', '', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_person AFTER INSERT OR UPDATE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION audit_person();

-- An administrator's other acts. What the trigger above writes cannot be claimed here.
CREATE FUNCTION record_person_act(p_person uuid, p_what text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF p_what NOT IN ('invited', 'withdrawn', 'signed_out', 'factors_removed', 'tokens_revoked') THEN
    RAISE insufficient_privilege USING MESSAGE = p_what || ' is written by the database alone';
  END IF;
  PERFORM write_person_change(p_person, p_what, '', '');
END $$;

CREATE FUNCTION refuse_edited_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE insufficient_privilege USING CONSTRAINT = 'append_only', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_personchange
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_edited_history();

-- Two who demote each other at once come here one after the other, and the second sees what the
-- first did; it would not in a stricter isolation, whose snapshot is older than its wait.
CREATE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE feature_not_supported USING MESSAGE = 'administrators change in read committed transactions only';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('an_administrator_remains', 0));
  IF NOT EXISTS (SELECT FROM accounts_user u WHERE role = 'admin' AND is_active
                 AND NOT EXISTS (SELECT FROM accounts_invitation WHERE person_id = u.id)) THEN
    RAISE check_violation USING CONSTRAINT = 'an_administrator_remains',
      MESSAGE = 'the last active administrator stays';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER an_administrator_remains AFTER UPDATE ON accounts_user FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.is_active AND NOT (NEW.role = 'admin' AND NEW.is_active))
  EXECUTE FUNCTION keep_an_administrator();

CREATE FUNCTION refuse_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE check_violation USING CONSTRAINT = 'erased_stays_erased', MESSAGE = 'somebody who was erased stays erased';
END $$;
CREATE TRIGGER erased_stays_erased BEFORE UPDATE ON accounts_user FOR EACH ROW
  WHEN (OLD.erased_at IS NOT NULL) EXECUTE FUNCTION refuse_return();

-- Sessions end with being active, so that they do not come back to life with it.
CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM django_session s USING usersessions_usersession u
   WHERE u.user_id = NEW.id AND s.session_key = u.session_key;
  DELETE FROM usersessions_usersession WHERE user_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_end AFTER UPDATE ON accounts_user FOR EACH ROW
  WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION end_sessions();

-- The log of Django's admin names people; nobody may edit it but for this, and only once erased.
CREATE FUNCTION scrub_admin_log(p_person uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE django_admin_log SET object_repr = u.name FROM accounts_user u
   WHERE u.id = p_person AND u.erased_at IS NOT NULL AND object_id = p_person::text;
END $$;

REVOKE ALL ON FUNCTION write_person_change, record_person_act, scrub_admin_log FROM PUBLIC;
