# caught by: finds_too_much
# says: endless_pages
"""An attacker for Shelf's API: it tries nine holes, and looks whether each is there."""

from collections.abc import Callable
from itertools import count
from typing import Any

Ask = Callable[..., Any]  # ask(method, address, who=None, body=None, **headers) -> status, headers, body


def holes(ask: Ask) -> set[str]:
    """Return the names of the holes that an API has."""
    return {name for name, found in ATTACKS.items() if found(ask)}


TITLES = count()


def title() -> str:
    """Return a title that nobody has used."""
    return f"The attack, part {next(TITLES)}"


def made(ask: Ask) -> int:
    """Add a book as Ada; return its number."""
    return int(ask("POST", "/v1/books", "ada", {"title": title(), "author": "Eve"}).body["id"])


def titles(ask: Ask, author: str) -> list[str]:
    """Return the titles of an author."""
    return [book["title"] for book in ask("GET", f"/v1/books?author={author}").body["items"]]


def no_token(ask: Ask) -> bool:
    """Add a book as nobody, and with a guessed token."""
    for who in (None, "guessed"):
        new = title()
        ask("POST", "/v1/books", who, {"title": new, "author": "Mallory"})
        if new in titles(ask, "Mallory"):
            return True
    return False


def readers_remove(ask: Ask) -> bool:
    """Remove a book as a reader, and read it."""
    number = made(ask)
    ask("DELETE", f"/v1/books/{number}", "alan")
    return ask("GET", f"/v1/books/{number}").status == 404


def others_loans(ask: Ask) -> bool:
    """Let Grace borrow, and Alan read."""
    loan = ask("POST", "/v1/loans", "grace", {"book_id": 1}).body["id"]
    told = ask("GET", f"/v1/loans/{loan}", "alan")
    return told.status == 200 and isinstance(told.body, dict) and told.body.get("id") == loan


def foreign_fields(ask: Ask) -> bool:
    """Borrow as Alan for Grace, and count her loans."""
    before = len(ask("GET", "/v1/loans", "grace").body)
    ask("POST", "/v1/loans", "alan", {"book_id": 1, "member_id": 2})
    return len(ask("GET", "/v1/loans", "grace").body) > before


def endless_pages(ask: Ask) -> bool:
    """Ask for many."""
    page = ask("GET", "/v1/books?limit=100")
    return page.status == 200 and len(page.body["items"]) > 100


def talks_of_itself(ask: Ask) -> bool:
    """Send what is no object."""
    return "Traceback" in str(ask("POST", "/v1/books", "ada", []).body)


def lost_updates(ask: Ask) -> bool:
    """Change a book twice under one version."""
    address = f"/v1/books/{made(ask)}"
    tag = ask("GET", address).headers["ETag"]
    first, second = title(), title()
    for new in (first, second):
        ask("PUT", address, "ada", {"title": new, "author": "Eve"}, If_Match=tag)
    return bool(ask("GET", address).body["title"] == second)


def twice_for_one_key(ask: Ask) -> bool:
    """Send one wish twice, and count."""
    book = {"title": title(), "author": "Trudy"}
    for _ in range(2):
        ask("POST", "/v1/books", "ada", book, Idempotency_Key=f"key of {book['title']}")
    return titles(ask, "Trudy").count(book["title"]) > 1


def any_origin(ask: Ask) -> bool:
    """Ask as a page of somebody else."""
    origin = "https://evil.example"
    told = ask("OPTIONS", "/v1/books", Origin=origin, Access_Control_Request_Method="GET")
    return told.headers.get("Access-Control-Allow-Origin") in (origin, "*")


ATTACKS = {attack.__name__: attack for attack in (
    no_token, readers_remove, others_loans, foreign_fields, endless_pages, talks_of_itself, lost_updates,
    twice_for_one_key, any_origin)}


# For the example of the statement: an API in which nobody finds anything. The checks bring others.
def sound_api() -> Ask:
    """Return an API that refuses everything but to read, make and lend."""
    things: dict[str, list[dict[str, Any]]] = {"books": [], "loans": []}

    class Answer:
        def __init__(self, status: int, body: Any = None) -> None:
            self.status, self.headers, self.body = status, {"ETag": '"1"'}, body

    def ask(method: str, address: str, who: str | None = None, body: Any = None, **headers: str) -> Answer:
        kind, _, number = address.removeprefix("/v1/").partition("?")[0].partition("/")
        if method == "POST" and isinstance(body, dict) and who in ("ada", "grace") and body not in things[kind]:
            things[kind].append(body)
            return Answer(201, {"id": len(things[kind])})
        if method == "GET" and number:
            found = things[kind][int(number) - 1]
            return Answer(200, found) if kind == "books" else Answer(404)
        return Answer(200, {"items": []} if kind == "books" else []) if method == "GET" else Answer(403)
    return ask
