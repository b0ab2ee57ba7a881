CREATE EXTENSION btree_gist;
CREATE TABLE booking (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seat int NOT NULL,
    member text NOT NULL,
    during tsrange NOT NULL,
    cancelled boolean NOT NULL DEFAULT false
);
