"""APIs with holes, alone and together, and sound ones that refuse in other ways; each is made anew for each attack."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from course.check import Answer, Failure, check, expect, require

HOLES = ("no_token", "readers_remove", "others_loans", "foreign_fields", "endless_pages", "talks_of_itself",
         "lost_updates", "twice_for_one_key", "any_origin")
MEMBERS = {"ada": 1, "grace": 2, "alan": 3}
MOST = 2000  # requests: who sends more is in a loop
LISTS = 60  # of books on a page where nobody asks for a number


@dataclass
class Told:
    """An answer."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is refused, with a status for each of two habits."""

    def __init__(self, *statuses: int) -> None:
        super().__init__()
        self.statuses = statuses


class Api:
    """Shelf with some holes. `habit` chooses among the statuses with which one can refuse, and how it lies."""

    def __init__(self, holes: tuple[str, ...] = (), habit: int = 0, *, lies: bool = False) -> None:
        self.holes, self.habit, self.lies, self.asked = holes, habit, lies, 0
        self.books = {number: {"id": number, "title": f"Title {number}", "author": "Anybody", "copies": 5}
                      for number in range(1, 151)}
        self.versions = dict.fromkeys(self.books, 1)
        self.loans: dict[int, dict[str, int]] = {1: {"id": 1, "book_id": 1, "member_id": 1}}
        self.keys: dict[str, Told] = {}

    def ask(self, method: str, address: str, who: str | None = None, body: Any = None, **headers: str) -> Told:
        """Answer a request."""
        self.asked += 1
        require(self.asked < MOST, f"holes has sent {MOST:,} requests to one API, and goes on", hint=1)
        parts = urlsplit(address)
        kind, _, number = parts.path.removeprefix("/v1/").partition("/")
        call = getattr(self, f"{method.lower()}_{kind}", None) if parts.path.startswith("/v1/") else None
        if method == "OPTIONS":
            return self.options(headers)
        if call is None or not (number == "" or number.isdigit()):
            return Told(404)
        try:
            return call(int(number or 0), who, body, dict(parse_qsl(parts.query)), headers)
        except Refused as refused:
            status = refused.statuses[self.habit % len(refused.statuses)]
            lie = self.lies and method != "GET"
            return Told(200 if lie else status, {"status": "ok"} if lie else {"detail": "No."})

    def options(self, headers: dict[str, str]) -> Told:
        """Answer a page that asks whether it may ask."""
        origin = headers.get("Origin", "")
        known = origin == "https://shelf.example"
        if "any_origin" in self.holes:
            return Told(204, None, {"Access-Control-Allow-Origin": "*" if self.habit else origin})
        return Told(204, None, {"Access-Control-Allow-Origin": origin} if known else
                    {"Access-Control-Allow-Methods": "GET"})

    def member(self, who: str | None) -> int:
        """Return who asks."""
        if who not in MEMBERS:
            raise Refused(401, 403)
        return MEMBERS[who]

    def staff(self, who: str | None) -> None:
        """Let only the staff pass."""
        if self.member(who) != 1:
            raise Refused(403, 404)

    def get_books(self, number: int, who: str | None, body: Any, query: dict[str, str], headers: Any) -> Told:
        """Read one, or a page."""
        if number:
            if number not in self.books:
                return Told(404)
            return Told(200, dict(self.books[number]), {"ETag": f'"{self.versions[number]}"'})
        limit = int(query.get("limit", LISTS))
        if limit > 100 and "endless_pages" not in self.holes:
            if self.habit:  # sound as well: it gives a hundred
                limit = 100
            else:
                raise Refused(422, 400)
        found = [book for book in self.books.values() if query.get("author") in (None, book["author"])]
        return Told(200, {"items": [dict(book) for book in found[:limit]], "next": None})

    def post_books(self, _: int, who: str | None, body: Any, query: Any, headers: dict[str, str]) -> Told:
        """Add one."""
        known = who in MEMBERS
        if known or "no_token" not in self.holes or (self.habit and who is None):
            self.staff(who)
        if not isinstance(body, dict):
            if "talks_of_itself" in self.holes:
                return Told(500, {"detail": 'Traceback (most recent call last): File "books.py", line 7'})
            raise Refused(422, 400)
        key = headers.get("Idempotency_Key")
        if key in self.keys and "twice_for_one_key" not in self.holes:
            return self.keys[key]
        if any(book["title"] == body["title"] for book in self.books.values()) and not (
                key in self.keys and "twice_for_one_key" in self.holes):
            raise Refused(409, 422)
        number = max(self.books) + 1
        self.books[number] = {"id": number, "title": body["title"], "author": body["author"], "copies": 5}
        self.versions[number] = 1
        told = Told(201, dict(self.books[number]), {"ETag": '"1"', "Location": f"/v1/books/{number}"})
        if key:
            self.keys[key] = told
        return told

    def put_books(self, number: int, who: str | None, body: Any, query: Any, headers: dict[str, str]) -> Told:
        """Replace one."""
        self.staff(who)
        if number not in self.books:
            return Told(404)
        tag = f'"{self.versions[number]}"'
        if headers.get("If_Match") != tag and "lost_updates" not in self.holes:
            raise Refused(412 if "If_Match" in headers else 428, 409)
        self.books[number] |= {name: body[name] for name in ("title", "author")}
        self.versions[number] += 1
        return Told(200, dict(self.books[number]), {"ETag": f'"{self.versions[number]}"'})

    def delete_books(self, number: int, who: str | None, body: Any, query: Any, headers: Any) -> Told:
        """Remove one."""
        if not ("readers_remove" in self.holes and self.member(who)):
            self.staff(who)
        if number not in self.books:
            return Told(404)
        del self.books[number]
        return Told(204)

    def get_loans(self, number: int, who: str | None, body: Any, query: Any, headers: Any) -> Told:
        """Read one's own."""
        member = self.member(who)
        if not number:
            return Told(200, [loan for loan in self.loans.values() if loan["member_id"] == member])
        loan = self.loans.get(number)
        if loan is None or (loan["member_id"] != member and "others_loans" not in self.holes):
            if loan and self.habit == 2:  # sound as well: it says no in the body
                return Told(200, {"detail": "This loan is not yours."})
            raise Refused(404, 403)
        return Told(200, dict(loan))

    def post_loans(self, _: int, who: str | None, body: Any, query: Any, headers: Any) -> Told:
        """Borrow."""
        member = self.member(who)
        if not isinstance(body, dict) or body.get("book_id") not in self.books:
            raise Refused(404, 422)
        if "member_id" in body:
            if "foreign_fields" in self.holes:
                member = body["member_id"]
            elif self.habit == 0:
                raise Refused(422, 400)  # with another habit it is passed over: sound as well
        book = self.books[body["book_id"]]
        if book["copies"] == 0:
            raise Refused(409)
        book["copies"] -= 1
        number = max(self.loans) + 1
        self.loans[number] = {"id": number, "book_id": body["book_id"], "member_id": member}
        return Told(201, {"id": number, "book_id": body["book_id"]}, {"Location": f"/v1/loans/{number}"})


def found(answer: Answer, api: Api, story: str) -> set[str]:
    """Return what the answer finds. Raises Failure when it raises."""
    try:
        got = answer.holes(api.ask)
    except Failure:
        raise
    except Exception as error:
        raise Failure(f"{story}: holes raises {type(error).__name__}: {error}", hint=2) from error
    require(isinstance(got, (set, frozenset)), f"{story}: holes returns {got!r:.200}, not a set", hint=3)
    return set(got)


@check("a sound API is left in peace", points=2)
def leaves_the_sound(answer: Answer) -> None:
    """Three habits of refusing; one that always says 200, and does nothing."""
    for habit, how in enumerate(("refuses with 401, 403, 404, 409, 412, 422", "refuses with 403, 404, 409, 400, gives "
                                 "100 books where more are asked for, and passes over fields that it does not know",
                                 "says in the body that a loan is not yours, under a status of 200")):
        story = f"A sound API, which {how}"
        expect(sorted(found(answer, Api(habit=habit), story)), [], f"{story}; the holes that are found", hint=1)
    story = "A sound API, which answers 200 to all that it refuses, and does nothing then"
    expect(sorted(found(answer, Api(lies=True), story)), [], f"{story}; the holes that are found", hint=1)


def finds(answer: Answer, *names: str, habits: tuple[int, ...] = (0, 1)) -> None:
    """Require that each hole is found where it is the only one."""
    for name in names:
        for habit in habits:
            story = f"An API with one hole, {name!r}{' (another one)' if habit else ''}"
            expect(sorted(found(answer, Api((name,), habit), story)), [name], f"{story}; what is found", hint=2)


@check("who may what: tokens, roles, loans of others, fields of others", needs=leaves_the_sound, points=2)
def finds_access(answer: Answer) -> None:
    """Four holes, each alone."""
    finds(answer, "no_token", "readers_remove", "others_loans", "foreign_fields")


@check("too much: pages, words about itself, pages of others", needs=leaves_the_sound, points=2)
def finds_too_much(answer: Answer) -> None:
    """Three holes, each alone; a star and an echo."""
    finds(answer, "endless_pages", "talks_of_itself", "any_origin")


@check("the same thing twice: lost updates, one key", needs=leaves_the_sound, points=2)
def finds_repetitions(answer: Answer) -> None:
    """Two holes, each alone."""
    finds(answer, "lost_updates", "twice_for_one_key")


@check("several at once", needs=finds_access)
def finds_all(answer: Answer) -> None:
    """All nine; pairs that meet; the same API twice."""
    everything: Callable[[int], Api] = lambda habit: Api(HOLES, habit)  # noqa: E731
    expect(sorted(found(answer, everything(0), "An API with all nine holes")), sorted(HOLES),
           "An API with all nine holes; what is found", hint=2)
    for pair in (("others_loans", "foreign_fields"), ("lost_updates", "readers_remove"), ("no_token", "endless_pages")):
        expect(sorted(found(answer, Api(pair), f"An API with {' and '.join(pair)}")), sorted(pair),
               f"An API with {' and '.join(pair)}; what is found", hint=2)
    api = Api(("twice_for_one_key", "others_loans"))
    for time in ("first", "second"):
        story = f"holes is called twice with the same API, which has two holes; the {time} time"
        expect(sorted(found(answer, api, story)), ["others_loans", "twice_for_one_key"], f"{story}; what is found",
               hint=2)
