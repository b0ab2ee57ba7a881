-- caught by: decides_between_two
-- says: Ada's transaction ends with COMMIT
CREATE FUNCTION refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM booking WHERE seat = NEW.seat AND during && NEW.during AND NOT cancelled)
       AND NOT NEW.cancelled THEN
        RAISE EXCEPTION 'the seat is taken' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_overlap BEFORE INSERT ON booking FOR EACH ROW EXECUTE FUNCTION refuse_overlap();
