# caught by: find_binds
# says: O'Reilly
"""Four functions of Shelf's web pages."""

import base64
import hashlib
import hmac
import json
import sqlite3
from html import escape
from pathlib import Path



def find(db: sqlite3.Connection, text: str, order: str = "title") -> list[str]:
    """Return the titles that contain a text, sorted. Raises ValueError for another order than title, author, year."""
    if order not in ("title", "author", "year"):
        raise ValueError(f"books are sorted by title, author or year, and not by {order!r}")
    rows = db.execute(f"""SELECT title FROM book WHERE instr(lower(title), lower('{text.replace("'", "")}')) ORDER BY {order}""")
    return [title for title, in rows]


def cover(folder: Path, name: str) -> bytes:
    """Return a file of the folder. Raises PermissionError for a name that leads out of it, FileNotFoundError."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise PermissionError(f"{name!r} leads out of the folder of covers")
    return path.read_bytes()


def card(name: str, homepage: str) -> str:
    """Return a member's name as HTML, with a link when the homepage is one of the web."""
    if homepage.startswith(("https://", "http://")):
        return f'<p><a href="{escape(homepage)}">{escape(name)}</a></p>'
    return f"<p>{escape(name)}</p>"


def pack(cart: dict[str, int], key: bytes) -> str:
    """Return a cart as a text of ASCII which `unpack` knows again."""
    body = base64.urlsafe_b64encode(json.dumps(cart).encode()).decode()
    return f"{body}.{code(body, key)}"


def unpack(text: str, key: bytes) -> dict[str, int]:
    """Return the cart. Raises ValueError for a text that `pack` has not made with this key."""
    body, _, mark = text.partition(".")
    if not hmac.compare_digest(mark.encode(), code(body, key).encode()):
        raise ValueError("this cart was not packed here")
    cart: dict[str, int] = json.loads(base64.urlsafe_b64decode(body))
    return cart


def code(body: str, key: bytes) -> str:
    """Return the HMAC of a text."""
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
