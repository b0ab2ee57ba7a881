-- Shelf: five books, four members, six loans of which two are open.
CREATE TABLE book (
    id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title   text NOT NULL UNIQUE,
    author  text NOT NULL,
    year    int NOT NULL,
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE TABLE member (
    id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name  text NOT NULL,
    email text NOT NULL
);
CREATE TABLE loan (
    id        int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id   int NOT NULL REFERENCES book,
    member_id int NOT NULL REFERENCES member,
    branch    text NOT NULL,
    lent      date NOT NULL,
    back      date
);
INSERT INTO book (title, author, year, details)
VALUES ('Dune', 'Herbert', 1965, '{"pages": 412, "tags": ["desert", "space"]}'),
       ('Emma', 'Austen', 1815, '{"pages": 474, "tags": ["village"]}'),
       ('Middlemarch', 'Eliot', 1871, '{"pages": 880, "tags": ["village", "doctors"]}'),
       ('Persuasion', 'Austen', 1817, '{"pages": 249, "tags": ["sea"]}'),
       ('Walden', 'Thoreau', 1854, '{"pages": 352, "tags": ["woods"]}');
INSERT INTO member (name, email)
SELECT name, name || '@Shelf.example' FROM (VALUES ('Ada'), ('Grace'), ('Alan'), ('Barbara')) AS people (name);
INSERT INTO loan (book_id, member_id, branch, lent, back)
VALUES (1, 1, 'Mill', '2026-01-05', '2026-01-20'),
       (2, 1, 'Mill', '2026-02-02', '2026-02-09'),
       (1, 2, 'Castle', '2026-02-10', NULL),
       (4, 2, 'Mill', '2026-02-11', '2026-03-01'),
       (3, 3, 'Mill', '2026-03-02', '2026-03-30'),
       (2, 3, 'Castle', '2026-03-04', NULL);
