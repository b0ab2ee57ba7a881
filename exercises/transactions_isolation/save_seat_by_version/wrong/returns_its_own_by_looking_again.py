# caught by: returns_its_own
# says: Ben saves it for Bob right after it
from dataclasses import dataclass


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
    done = db.execute("UPDATE seat SET member = %s, note = %s, version = version + 1 WHERE number = %s AND version = %s",
                      [seat.member, seat.note, seat.number, seat.version])
    if done.rowcount == 0:
        raise StaleError(seat.number)
    return look(db, seat.number)
