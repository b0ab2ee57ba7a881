-- Three members, whose tokens are `ada` (staff), `grace` and `alan`, and five books.
INSERT INTO member (name, role, token_hash)
SELECT name, role, encode(sha256(name::bytea), 'hex')
FROM (VALUES ('ada', 'staff'), ('grace', 'reader'), ('alan', 'reader')) AS people (name, role);

INSERT INTO book (title, author, copies, version)
VALUES ('Dune', 'Herbert', 2, 1), ('Emma', 'Austen', 1, 1), ('Middlemarch', 'Eliot', 1, 1),
       ('Persuasion', 'Austen', 3, 1), ('Walden', 'Thoreau', 1, 1);

INSERT INTO loan (book_id, member_id) VALUES (2, 2);
