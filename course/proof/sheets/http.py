"""`http-run`: requests to Shelf, on uvicorn and PostgreSQL, in a database of the section's own.

A block is one request, or several between lines `###`: the request line, headers, an empty line, the body. Printed are
the status line (its words as RFC 9110 has them), the headers that `headers=` names, and the body. The sheet's
`setup.sql` fills the tables; settings of Shelf stand as `KEY=value` in a file `.env` that is named for the section. The
clock by which Shelf counts requests stands still, so that a section of many prints the same on a slow machine.
"""

import contextlib
import dataclasses
import http.client
import json
import re
from pathlib import Path

import psycopg

from course.proof.sheets.run import LIMIT, Ran, SetupFailed, setups
from course.services import scratch, web
from course.sheet import Block
from shelf.app import create_app
from shelf.problems import NAMES
from shelf.settings import Settings

PLENTY = 100_000  # requests per minute, where a section does not say otherwise
WIDE = 76  # columns: a body that is longer is broken into lines


class Http:
    """A running Shelf that lasts for one section."""

    def __init__(self, files: Path, section: str) -> None:
        self.open = contextlib.ExitStack()
        database = self.open.enter_context(scratch.scratch())
        url = re.sub("^postgresql:", "postgresql+psycopg:", database)
        self.server = self.open.enter_context(web.serve(create_app(_settings(url, setups(files, section, ".env")),
                                                                           clock=lambda: 0.0)))
        for path in setups(files, section, ".sql"):
            with psycopg.connect(database) as connection:
                connection.execute(path.read_bytes())

    def run(self, block: Block) -> Ran:
        """Send the requests; the block fails with the first status that is 400 or more."""
        answers = [self._answer(text, block) for text in re.split(r"^###.*\n", block.source, flags=re.MULTILINE)
                   if text.strip()]
        failed = next((str(status) for status, _ in answers if status >= 400), "")
        return Ran(("\n" if block.body or block.headers else "").join(text for _, text in answers), failed)

    def _answer(self, text: str, block: Block) -> tuple[int, str]:
        head, _, body = text.strip("\n").partition("\n\n")
        line, *fields = head.split("\n")
        method, target = line.split()[:2]
        headers = dict(field.split(": ", 1) for field in fields)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=LIMIT)
        with contextlib.closing(connection):
            connection.request(method, target, body.encode() or None, headers)
            answer = connection.getresponse()
            told = [f"HTTP/1.1 {answer.status} {NAMES.get(answer.status, answer.reason)}",
                    *(f"{name}: {answer.headers[name]}" for name in block.headers if name in answer.headers)]
            content = _body(answer.read().decode(), answer.headers.get_content_type()) if block.body else ""
        return answer.status, "\n".join(told) + "\n" + (f"\n{content}\n" if content else "")

    def close(self) -> None:
        """Stop the server, and drop the database."""
        self.open.close()


def _settings(url: str, files: list[Path]) -> Settings:
    """Return Shelf's settings with what the files say. Raises SetupFailed for a key that Shelf does not have."""
    settings = Settings(url, requests_per_minute=PLENTY)
    for path in files:
        for key, value in re.findall(r"^(\w+)=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            if key != "SHELF_REQUESTS_PER_MINUTE":
                raise SetupFailed(f"{path}: {key} is no setting that a sheet can change")
            settings = dataclasses.replace(settings, requests_per_minute=int(value))
    return settings


def _body(text: str, kind: str) -> str:
    """Return a body; JSON that is too long for a line with a line for each member, and for each item of a list."""
    if not kind.endswith("json") or not text:
        return text
    value = json.loads(text)
    line = _line(value)
    if len(line) <= WIDE or not isinstance(value, dict):
        return line
    return "{" + ",\n ".join(f"{_line(name)}: {_items(one)}" for name, one in value.items()) + "}"


def _items(value: object) -> str:
    whole = isinstance(value, list) and len(_line(value)) > WIDE // 2
    return "[" + ",\n   ".join(map(_line, value)) + "]" if whole and isinstance(value, list) else _line(value)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
