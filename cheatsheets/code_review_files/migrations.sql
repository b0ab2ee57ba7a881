-- other('...') runs one statement in a second session, which gives up waiting after 100 ms.
CREATE EXTENSION dblink;
CREATE FUNCTION other(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    IF 'other' <> ALL (coalesce(dblink_get_connections(), '{}')) THEN
        PERFORM dblink_connect('other', format('dbname=%s host=%s port=%s user=%s options=''-c lock_timeout=100ms''',
            current_database(), coalesce(nullif(split_part(current_setting('unix_socket_directories'), ',', 1), ''), '127.0.0.1'), current_setting('port'), current_user));
    END IF;
    SELECT answer INTO said FROM dblink('other', statement) AS t (answer text);
    RETURN said;
EXCEPTION WHEN lock_not_available THEN
    RETURN SQLERRM;
END $$;
CREATE TABLE loan (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, book text NOT NULL, lent date);
INSERT INTO loan (book, lent) VALUES ('Dune', '2026-01-05'), ('Emma', '2026-02-02'), ('Walden', NULL);
