# caught by: refuses_old_forms
# says: left its transaction open
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Seat:
    number: int
    member: str | None
    note: str
    version: int


class StaleError(Exception):
    pass


def look(db, number):
    row = db.execute("SELECT number, member, note, version FROM seat WHERE number = %s", [number]).fetchone()
    if row is None:
        raise LookupError(number)
    return Seat(*row)


def save(db, seat):
    db.execute("BEGIN")
    row = db.execute("SELECT version FROM seat WHERE number = %s FOR UPDATE", [seat.number]).fetchone()
    if row != (seat.version,):
        raise StaleError(seat.number)
    db.execute("UPDATE seat SET member = %s, note = %s, version = version + 1 WHERE number = %s",
               [seat.member, seat.note, seat.number])
    db.execute("COMMIT")
    return replace(seat, version=seat.version + 1)
