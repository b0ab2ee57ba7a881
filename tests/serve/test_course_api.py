"""What the pages ask of the server: progress, answers, checks; and nobody else gets any of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from local_server import Reply, Server
from tornado import web

from course.serve import api, site

HOME = "demo/add"
WORK, CHECK, PROGRESS = f"/api/course/work/{HOME}", f"/api/course/check/{HOME}", "/api/course/progress"
RIGHT, WRONG = "def add(a, b):\n    return a + b\n", "def add(a, b):\n    return 7\n"
FOREIGN = "http://127.0.0.1.example.org"
ROUTES = [("GET", "/api/course"), ("GET", PROGRESS), ("PUT", PROGRESS), ("GET", WORK), ("PUT", WORK),
          ("POST", WORK + "/reset"), ("POST", CHECK)]
CHANGING = [route for route in ROUTES if route[0] != "GET"]
ELSEWHERE = ["../../secret", "..%2f..%2fsecret", "%2e%2e/secret", "..%5c..", "demo/..%2fadd", "demo/add%00", "demo/%00",
             "demo/add%0a", "%2fetc/passwd", "demo/add.py", "Demo/add", ".aside/demo", "demo/none", "demo/<script>"]


class Client:
    """A signed-in page."""

    def __init__(self, server: Server) -> None:
        self.server, self.headers = server, server.sign_in()

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[Reply, Any]:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        reply = self.server.ask(path, method, text, **self.headers | headers)
        is_json = reply.headers["Content-Type"] == "application/json" and reply.body
        return reply, json.loads(reply.body) if is_json else None

    def tag(self) -> str:
        return str(self.ask("GET", WORK)[0].headers["ETag"])


@pytest.fixture
def page(server: Server) -> Client:
    for path in (server.root / "work").glob("**/*"):
        if path.is_file() and ".jupyter" not in path.parts:
            path.unlink()
    return Client(server)


def in_work(server: Server, name: str) -> Path:
    return server.root / "work" / name


# Who gets in

def test_every_handler_of_the_course_asks_who_is_there() -> None:
    """The routes below are all there are: a new one must be attacked too."""
    methods = {(method.upper(), name) for name, handler, _ in api.handlers("/", Path())
               for method in ("get", "head", "post", "put", "patch", "delete") if method in vars(handler)}
    assert len(methods) == len(ROUTES)
    ours = {handler for _, handler, _ in [*api.handlers("/", Path()), *site.handlers("/", Path())]}
    for handler in ours:
        for method in ("get", "head", "post", "put", "patch", "delete"):
            if method in vars(handler):
                outermost = vars(handler)[method].__code__.co_filename
                assert outermost == web.__file__, f"{handler.__name__}.{method} is not @web.authenticated"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_without_the_cookie(page: Client, method: str, path: str) -> None:
    entry = {"": {}, "?token=wrong": {}, "?token=": {"Cookie": "username-127-0-0-1=x"}}
    for query, headers in entry.items():
        reply = page.server.ask(path + query, method, None if method == "GET" else "{}", **headers)
        assert reply.status == 403
        assert set(json.loads(reply.body)) >= {"message"}
    wrong = page.server.ask(path, method, None if method == "GET" else "{}", Authorization="token wrong")
    assert wrong.status == 403
    assert not in_work(page.server, "progress.json").exists()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_other_origin_and_no_other_name(page: Client, method: str, path: str) -> None:
    reply, body = page.ask(method, path, None if method == "GET" else {}, Origin=FOREIGN)
    assert (reply.status, set(body)) == (404, {"message", "reason"})
    assert "Access-Control-Allow-Origin" not in reply.headers
    reply, _ = page.ask(method, path, None if method == "GET" else {}, Host=f"rebound.example.org:{page.server.port}")
    assert reply.status == 403
    assert not in_work(page.server, "demo").exists() or not list(in_work(page.server, "demo").iterdir())


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_no_change_without_the_xsrf_token(page: Client, method: str, path: str) -> None:
    body = {"version": 1, "items": {"demo/add": {"": {"started": "2026-03-01T10:00:00Z", "attempts": 3}}}}
    for wrong in ("wrong", ""):
        reply, _ = page.ask(method, path, body | {"text": WRONG}, X_XSRFToken=wrong, If_Match="*")
        assert reply.status == 403
    left = [path for path in in_work(page.server, "").rglob("*") if path.is_file() and ".jupyter" not in path.parts]
    assert left == []


@pytest.mark.parametrize("address", ELSEWHERE)
def test_only_answers_of_exercises_can_be_named(page: Client, address: str) -> None:
    before = sorted(page.server.root.rglob("*.txt")) + sorted(page.server.root.rglob("*.py"))
    for method, path in (("GET", "work/{}"), ("PUT", "work/{}"), ("POST", "work/{}/reset"), ("POST", "check/{}")):
        body = None if method == "GET" else {"text": "taken over"}
        reply, _ = page.ask(method, f"/api/course/{path.format(address)}", body, If_Match="*")
        assert reply.status in (403, 404, 405), reply.body
        assert "not part of the site" not in reply.body
        assert reply.headers["Content-Type"].startswith(("application/json", "text/html"))
    assert sorted(page.server.root.rglob("*.txt")) + sorted(page.server.root.rglob("*.py")) == before
    assert (page.server.root / "secret.txt").read_text(encoding="utf-8") == "not part of the site"


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right of its own on Windows")
@pytest.mark.parametrize("inner", ["demo/add.py", "demo"])
def test_a_link_that_leads_out_of_work_is_not_followed(page: Client, inner: str) -> None:
    target = page.server.root / ("secret.txt" if inner.endswith(".py") else "exercises/demo/add")
    link = in_work(page.server, inner)
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_dir():
        link.rmdir()
    link.symlink_to(target)
    try:
        for method, path in (("GET", WORK), ("PUT", WORK), ("POST", WORK + "/reset"), ("POST", CHECK)):
            reply, body = page.ask(method, path, None if method == "GET" else {"text": "taken over"}, If_Match="*")
            assert (reply.status, "a link that leads out of work/" in body["message"]) == (422, True)
    finally:
        link.unlink()
    assert (page.server.root / "secret.txt").read_text(encoding="utf-8") == "not part of the site"
    assert not (page.server.root / "exercises/demo/add/add.py").exists()


def test_answers_of_the_api_are_for_nobody_else(page: Client) -> None:
    page.ask("PUT", WORK, {"text": f"# {page.server.token}"}, If_Match="*")
    for path in ("/api/course", PROGRESS):
        reply, _ = page.ask("GET", path)
        assert page.server.token not in reply.body + str(reply.headers)
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Content-Security-Policy"].startswith("frame-ancestors 'self'")
        assert reply.headers["Content-Security-Policy"].endswith("default-src 'none'")
        assert reply.headers["Referrer-Policy"] == "same-origin"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


# Progress

def passed(address: str, at: str) -> dict[str, Any]:
    return {"version": 1, "items": {address: {"": {"started": at, "first_passed": at, "last_passed": at,
                                                   "attempts": 1}}}}


def test_progress_of_page_and_terminal_is_merged(page: Client) -> None:
    reply, body = page.ask("GET", PROGRESS)
    assert (reply.status, body) == (200, {"progress": {"version": 1, "items": {}}, "message": ""})
    one, other = passed("demo/add", "2026-03-01T10:00:00Z"), passed("demo/rows", "2026-03-02T10:00:00Z")
    page.ask("PUT", PROGRESS, one)
    in_work(page.server, "progress.json").write_text(json.dumps(one | {"items": one["items"] | {
        "demo/other": other["items"]["demo/rows"]}}), encoding="utf-8")  # the terminal, meanwhile
    reply, body = page.ask("PUT", PROGRESS, other)
    assert (reply.status, sorted(body["progress"]["items"])) == (200, ["demo/add", "demo/other", "demo/rows"])
    assert json.loads(in_work(page.server, "progress.json").read_text(encoding="utf-8")) == body["progress"]
    again, _ = page.ask("GET", PROGRESS, If_None_Match=reply.headers["ETag"])
    assert (again.status, again.body) == (304, "")


@pytest.mark.parametrize(("sent", "said"), [
    ("{", "not JSON"), ("[]", "must be an object"), ("", "not JSON"), ('{"version": 2, "items": {}}', "newer version"),
    ('{"version": 1, "items": {"../x": {"": {"attempts": 1}}}}', "no address"),
    ('{"version": 1, "items": {"demo/add": {"": {"attempts": -1}}}}', "attempts"), ("[" * 100_000, "not JSON")])
def test_what_is_no_progress_changes_nothing(page: Client, sent: str, said: str) -> None:
    page.ask("PUT", PROGRESS, passed("demo/add", "2026-03-01T10:00:00Z"))
    before = in_work(page.server, "progress.json").read_bytes()
    reply, body = page.ask("PUT", PROGRESS, sent)
    assert reply.status == 400
    assert "was not stored" in body["message"]
    assert said in body["message"]
    assert in_work(page.server, "progress.json").read_bytes() == before


def test_too_much_progress_is_not_stored(page: Client) -> None:
    reply, body = page.ask("PUT", PROGRESS, " " * (api.LARGEST_PROGRESS + 1))
    assert (reply.status, body["message"]) == (413, "This progress is larger than 4 MB and was not stored.")
    assert not in_work(page.server, "progress.json").exists()


def test_a_corrupt_file_is_set_aside_and_told_once(page: Client) -> None:
    empty = page.ask("GET", PROGRESS)[0].headers["ETag"]
    in_work(page.server, "progress.json").write_text("half a docum", encoding="utf-8")
    reply, body = page.ask("GET", PROGRESS, If_None_Match=empty)
    assert reply.status == 200
    assert "set aside as progress.corrupt-1.json" in body["message"]
    assert in_work(page.server, "progress.corrupt-1.json").read_text(encoding="utf-8") == "half a docum"
    assert page.ask("GET", PROGRESS)[1]["message"] == ""


# Answers

def test_an_answer_is_the_starter_until_it_is_written(page: Client) -> None:
    reply, body = page.ask("GET", WORK)
    assert reply.status == 200
    assert body["text"] == body["starter"]
    assert (body["path"], body["untouched"]) == ("work/demo/add.py", True)
    assert not in_work(page.server, "demo/add.py").exists()
    reply, body = page.ask("PUT", WORK, {"text": "# \N{SNOWMAN}\n"}, If_Match=reply.headers["ETag"])
    assert (reply.status, body["text"], body["untouched"]) == (200, "# \N{SNOWMAN}\n", False)
    assert in_work(page.server, "demo/add.py").read_bytes() == "# \N{SNOWMAN}\n".encode()
    assert page.tag() == reply.headers["ETag"]


def test_a_conflict_shows_both_texts_and_loses_neither(page: Client) -> None:
    known = page.tag()
    page.ask("PUT", WORK, {"text": "mine\n"}, If_Match=known)
    in_work(page.server, "demo/add.py").write_bytes(b"theirs\r\n")  # an editor on Windows
    for tag in (known, '"made up"'):
        reply, body = page.ask("PUT", WORK, {"text": "mine again\n"}, If_Match=tag)
        assert (reply.status, body["text"], body["yours"]) == (409, "theirs\n", "mine again\n")
        assert "choose which text to keep" in body["message"]
    assert in_work(page.server, "demo/add.py").read_bytes() == b"theirs\r\n"
    reply, body = page.ask("PUT", WORK, {"text": "mine again\n"}, If_Match=reply.headers["ETag"])
    assert (reply.status, body["text"]) == (200, "mine again\n")


@pytest.mark.parametrize(("body", "headers", "status"), [
    ({"text": "x"}, {}, 428), ({}, {"If_Match": "*"}, 400), ({"text": 1}, {"If_Match": "*"}, 400),
    ("[]", {"If_Match": "*"}, 400), ("{", {"If_Match": "*"}, 400), ('{"text": "\\ud800"}', {"If_Match": "*"}, 422),
    ({"text": "x" * (1 << 20) + "x"}, {"If_Match": "*"}, 422), ("x" * (2 << 20) + "x", {"If_Match": "*"}, 413)])
def test_what_cannot_be_stored_is_said(page: Client, body: object, headers: dict[str, str], status: int) -> None:
    reply, answer = page.ask("PUT", WORK, body, **headers)
    assert (reply.status, len(answer["message"]) > 20) == (status, True)
    assert not in_work(page.server, "demo/add.py").exists()


def test_a_file_that_is_no_text_is_left_alone(page: Client) -> None:
    page.ask("PUT", WORK, {"text": "x"}, If_Match="*")
    in_work(page.server, "demo/add.py").write_bytes(b"caf\xe9")
    for method in ("GET", "PUT"):
        reply, body = page.ask(method, WORK, None if method == "GET" else {"text": "x"}, If_Match="*")
        assert (reply.status, "work/demo/add.py is not UTF-8 text" in body["message"]) == (422, True)
    assert in_work(page.server, "demo/add.py").read_bytes() == b"caf\xe9"


def test_a_reset_can_be_taken_back(page: Client) -> None:
    page.ask("PUT", WORK, {"text": RIGHT}, If_Match="*")
    page.ask("POST", CHECK, {})
    _, body = page.ask("POST", WORK + "/reset", {})
    assert (body["untouched"], body["message"]) == (True, "Your text was put aside, into work/.aside/demo/add.1.py.")
    _, body = page.ask("POST", WORK + "/reset", {"undo": True})
    assert (body["text"], body["message"]) == (RIGHT, "Your text is as before the reset.")
    _, body = page.ask("POST", WORK + "/reset", {"undo": True})
    assert (body["text"], body["message"]) == (RIGHT, "There is no reset to take back.")


# Checks

def test_a_check_says_how_it_went_and_notes_it(page: Client) -> None:
    page.ask("PUT", WORK, {"text": WRONG}, If_Match="*")
    reply, body = page.ask("POST", CHECK, {}, If_Match=page.tag())
    assert (reply.status, body["result"]["status"], body["result"]["checks"][0]["actual"]) == (200, "fail", "7")
    page.ask("PUT", WORK, {"text": RIGHT}, If_Match="*")
    _, body = page.ask("POST", CHECK, {})
    assert body["result"]["status"] == "pass"
    [epoch] = body["progress"]["items"]["demo/add"].values()
    assert (epoch["attempts"], bool(epoch["first_passed"])) == (2, True)
    assert page.ask("GET", PROGRESS)[1]["progress"] == body["progress"]


def test_what_is_checked_is_what_the_page_shows(page: Client) -> None:
    page.ask("PUT", WORK, {"text": RIGHT}, If_Match="*")
    known = page.tag()
    in_work(page.server, "demo/add.py").write_text(WRONG, encoding="utf-8")
    reply, body = page.ask("POST", CHECK, {}, If_Match=known)
    assert (reply.status, body["text"]) == (409, WRONG)
    assert not in_work(page.server, "progress.json").exists()


def test_a_check_gets_its_database(page: Client) -> None:
    for query, status in (("SELECT 1", "fail"), ("SELECT count(*) FROM book", "pass")):
        page.ask("PUT", "/api/course/work/demo/rows", {"text": query}, If_Match="*")
        reply, body = page.ask("POST", "/api/course/check/demo/rows", {})
        assert (reply.status, body["result"]["status"]) == (200, status), body


def test_checks_that_cannot_be_used_are_told_and_the_server_goes_on(page: Client) -> None:
    checks = page.server.root / "exercises/demo/add/checks.py"
    before = checks.read_text(encoding="utf-8")
    checks.write_text("1 / 0\n", encoding="utf-8")
    try:
        reply, body = page.ask("POST", CHECK, {})
    finally:
        checks.write_text(before, encoding="utf-8")
    assert (reply.status, "checks.py" in body["message"]) == (500, True)
    assert page.ask("POST", CHECK, {})[0].status == 200
