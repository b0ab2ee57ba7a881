"""Each function is used as honest people do, and then attacked; pages are read as a browser reads them."""

import base64
import contextlib
import json
import os
import pickle
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, expect_raises, require

BOOKS = [("Dune", "Herbert", 1965), ("Emma", "Austen", 1815), ("Persuasion", "Austen", 1817),
         ("O'Reilly's Emma", "Zoe", 1999)]
KEY, OTHER = b"the key of the check", b"another key"


def shop() -> sqlite3.Connection:
    """Return a database with books, and a table that nobody should see."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE book (title TEXT, author TEXT, year INTEGER)")
    db.executemany("INSERT INTO book VALUES (?, ?, ?)", BOOKS)
    db.execute("CREATE TABLE member (name TEXT, password TEXT)")
    db.execute("INSERT INTO member VALUES ('ada', 's3cret')")
    return db


@contextlib.contextmanager
def covers() -> Iterator[Path]:
    """Make a folder with covers, beside files that are none."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "covers")
        (folder / "old").mkdir(parents=True)
        (folder / "dune.png").write_bytes(b"dune")
        (folder / "old" / "emma.png").write_bytes(b"emma")
        (folder / "..dots.png").write_bytes(b"dots")
        for beside in (Path(place, "key.pem"), Path(place, "covers_secret", "key.pem")):
            beside.parent.mkdir(exist_ok=True)
            beside.write_bytes(b"s3cret")
        with contextlib.suppress(OSError, NotImplementedError):  # where links need a right of their own
            os.symlink(Path(place, "key.pem"), folder / "link.png")
        yield folder


class Page(HTMLParser):
    """A page as a browser reads it: its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def page(answer: Answer, name: str, homepage: str) -> Page:
    """Return what `card` makes, as it is read."""
    html = answer.card(name, homepage)
    require(isinstance(html, str), f"card returned {html!r:.60}, no text", hint=1)
    return Page(html)


class Gift:
    """An object whose pickle makes a folder when it is unpacked."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return os.mkdir, (self.path,)


@check("honest people get what they ask for")
def works(answer: Answer) -> None:
    """One use of each."""
    expect(answer.find(shop(), "EMMA"), ["Emma", "O'Reilly's Emma"], 'find(db, "EMMA")', hint=1)
    expect(answer.find(shop(), "u", "year"), ["Persuasion", "Dune"], 'find(db, "u", "year")', hint=1)
    expect(answer.find(shop(), "", "author")[-1], "O'Reilly's Emma", 'The last of find(db, "", "author")', hint=1)
    with covers() as folder:
        expect(answer.cover(folder, "dune.png"), b"dune", 'cover(folder, "dune.png")', hint=1)
        expect(answer.cover(folder, "old/emma.png"), b"emma", 'cover(folder, "old/emma.png")', hint=1)
        expect(answer.cover(folder, "..dots.png"), b"dots", 'cover(folder, "..dots.png")', hint=2)
        expect_raises(FileNotFoundError, lambda: answer.cover(folder, "walden.png"), 'cover(folder, "walden.png")')
    found = page(answer, "Ada", "https://ada.example/?a=1&b=2")
    expect((found.tags, found.text), ([("p", []), ("a", [("href", "https://ada.example/?a=1&b=2")])], "Ada"),
           'The tags and the text of card("Ada", "https://ada.example/?a=1&b=2")', hint=1)
    for cart in ({}, {"Emma": 1, "Ö": 20}):
        text = answer.pack(cart, KEY)
        require(isinstance(text, str) and text.isascii(), f"pack returned {text!r:.60}, no text of ASCII", hint=1)
        expect(answer.unpack(text, KEY), cart, f"unpack(pack({cart}, key), key)", hint=1)


@check("find takes a text for a text", needs=works)
def find_binds(answer: Answer) -> None:
    """Quotes, unions, and text that only looks bad."""
    expect(answer.find(shop(), "O'Reilly"), ["O'Reilly's Emma"], "find(db, \"O'Reilly\")", hint=2)
    for text in ("' OR 1=1 --", "x' UNION SELECT password FROM member --", "'; DROP TABLE book --", "\") OR (1=1"):
        expect(answer.find(shop(), text), [], f"find(db, {text!r})", hint=2)
    db = shop()
    db.execute("INSERT INTO book VALUES ('SELECT; a love -- story', 'Zoe', 2001)")
    expect(answer.find(db, "SELECT; a love --"), ["SELECT; a love -- story"], "find(db, 'SELECT; a love --')", hint=2)


@check("find sorts by three columns, and by nothing else", needs=works)
def find_chooses(answer: Answer) -> None:
    """Orders that tell what nobody should know."""
    for order in ("(SELECT password FROM member)", "year, (SELECT 1)", "title; DROP TABLE book", "1", "", "rowid",
                  "CASE WHEN (SELECT password FROM member) LIKE 's%' THEN title ELSE year END", "title DESC"):
        expect_raises(ValueError, lambda order=order: answer.find(shop(), "u", order),  # type: ignore[misc]
                      f"find(db, 'u', {order!r})", hint=2)


@check("cover stays in its folder", needs=works, points=2)
def cover_stays(answer: Answer) -> None:
    """By dots, by a whole path, by a folder with a name that begins alike, by a link."""
    with covers() as folder:
        names = ["../key.pem", "old/../../key.pem", str(folder.parent / "key.pem"), "../covers_secret/key.pem",
                 str(folder.parent / "covers_secret" / "key.pem")]
        names += ["link.png"] if (folder / "link.png").exists() else []
        for name in names:
            expect_raises(PermissionError, lambda name=name: answer.cover(folder, name),  # type: ignore[misc]
                          f"cover(folder, {name.replace(str(folder.parent), '...')!r})", hint=2)


@check("card shows a name as it was typed", needs=works)
def card_escapes(answer: Answer) -> None:
    """Tags, quotes, and what is escaped already."""
    for name in ("<script>steal()</script>", '"><img src=x onerror=steal()>', "Tom & Jerry", "&lt;b&gt;", "O'Reilly",
                 "</a><a href='https://evil.test/'>Ada"):
        for homepage, tags in (("https://ada.example/", ["p", "a"]), ("javascript:steal()", ["p"])):
            found = page(answer, name, homepage)
            expect(([tag for tag, _ in found.tags], found.text), (tags, name),
                   f"The tags and the text of card({name!r}, {homepage!r})", hint=2)


@check("card links the web, and nothing else", needs=works)
def card_links(answer: Answer) -> None:
    """Addresses that run, that lie, that break out."""
    for homepage in ('https://ada.example/"onmouseover="steal()', "https://ada.example/'x='", "http://ada.example/&lt;",
                     "https://ada.example/<b>"):
        expect(page(answer, "Ada", homepage).tags, [("p", []), ("a", [("href", homepage)])],
               f"The tags of card('Ada', {homepage!r})", hint=2)
    for homepage in ("javascript:steal()", " JavaScript:steal()", "java\nscript:steal()", "data:text/html,<script>", "",
                     "//evil.test/", "vbscript:x", "javascript://https://ada.example/%0Asteal()", "ada.example"):
        found = page(answer, "Ada", homepage)
        expect((found.tags, found.text), ([("p", [])], "Ada"), f"The tags and text of card('Ada', {homepage!r})",
               hint=2)


@check("unpack takes what pack has made with the key", needs=works, points=2)
def unpack_knows(answer: Answer) -> None:
    """Changed at each place, another key, nonsense, and carts that run."""
    cart = {"Emma": 1, "Dune": 2}
    text = answer.pack(cart, KEY)
    require(not unpacks(answer, text), "A pickle in the text was unpacked, and has run what it brought", hint=2)
    for place in range(len(text)):
        changed = text[:place] + ("B" if text[place] == "A" else "A") + text[place + 1:]
        refused(answer, changed, f"unpack of a text that differs at place {place} of {len(text)}", cart)
    refused(answer, answer.pack(cart, OTHER), "unpack of a text that was made with another key")
    forged = json.dumps({"Emma": 99})
    for nonsense in ("", ".", "Ö", "{}", "null", text[:-1], text + "\n.", forged, f"{forged}.",
                     base64.b64encode(forged.encode()).decode(), "A" * 5000):
        refused(answer, nonsense, f"unpack({nonsense!r:.40}, key)")


def unpacks(answer: Answer, text: str) -> bool:
    """Say whether a pickle is unpacked that takes the place of any part of a text."""
    with tempfile.TemporaryDirectory() as place:
        ran = Path(place, "ran")
        gift = base64.b64encode(pickle.dumps(Gift(str(ran)))).decode()
        for sign in ".:|-,;$":
            parts = text.split(sign)
            for number in range(len(parts)):
                with contextlib.suppress(Exception):
                    answer.unpack(sign.join([*parts[:number], gift, *parts[number + 1:]]), KEY)
        return ran.exists()


def refused(answer: Answer, text: str, tried: str, same: dict[str, int] | None = None) -> None:
    """Require ValueError; a text that means the same, as base64 has some, may give the same cart."""
    try:
        got = answer.unpack(text, KEY)
    except ValueError:
        return
    except Exception as error:
        raise Failure(f"{tried} raised {type(error).__name__}, not ValueError: {error}", hint=3) from None
    require(same is not None and got == same, f"{tried} returned {got!r:.100}, and raised nothing", hint=2)
