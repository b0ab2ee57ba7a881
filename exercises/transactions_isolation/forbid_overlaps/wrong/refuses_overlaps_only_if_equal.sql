-- caught by: refuses_overlaps
-- says: from 10:59 to 12:00
ALTER TABLE booking ADD CONSTRAINT one_booking UNIQUE (seat, during);
