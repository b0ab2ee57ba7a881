# caught by: waits_for_the_writer
# says: which is then committed
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
    row = db.execute("SELECT member, note, version FROM seat WHERE number = %s", [seat.number]).fetchone()
    if row is None or row[2] != seat.version:
        raise StaleError(seat.number)
    done = db.execute("UPDATE seat SET member = %s, note = %s, version = version + 1 WHERE number = %s "
                      "AND member IS NOT DISTINCT FROM %s AND note = %s",
                      [seat.member, seat.note, seat.number, row[0], row[1]])
    if done.rowcount == 0:
        raise StaleError(seat.number)
    return replace(seat, version=seat.version + 1)
