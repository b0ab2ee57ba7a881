"""The built book as the browser gets it."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from local_server import Server

POLICY = ("default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
          "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; img-src 'self' data:; object-src 'none'; "
          "base-uri 'none'; frame-ancestors 'self'")


@pytest.fixture(scope="module")
def cookie(server: Server) -> str:
    return server.sign_in()["Cookie"]


def test_the_address_of_the_server_leads_to_the_course(server: Server, cookie: str) -> None:
    reply = server.ask("/", Cookie=cookie)
    assert (reply.status, reply.headers["Location"]) == (302, "/course/")


@pytest.mark.parametrize(("path", "title"), [
    ("/course/", "Home"), ("/course/index.html", "Home"), ("/course/tiers/", "Tiers"),
    ("/course/tiers/demo.html?highlight=x", "Demo")])
def test_pages_are_marked_as_having_kernels(server: Server, cookie: str, path: str, title: str) -> None:
    reply = server.ask(path, Cookie=cookie)
    assert reply.status == 200
    assert f"<html data-course-server=\"/\" lang='en'><head><title>{title}</title>" in reply.body


@pytest.mark.parametrize("path", ["/course", "/course/tiers"])
def test_a_folder_without_its_slash_leads_to_the_folder(server: Server, cookie: str, path: str) -> None:
    reply = server.ask(path, Cookie=cookie)
    assert (reply.status, reply.headers["Location"]) == (301, path + "/")


@pytest.mark.parametrize(("name", "expected"), [
    ("index.html", "text/html; charset=utf-8"), ("_static/page.js", "text/javascript; charset=utf-8"),
    ("_static/page.mjs", "text/javascript; charset=utf-8"), ("_static/page.css", "text/css; charset=utf-8"),
    ("_static/code.wasm", "application/wasm")])
def test_types_and_headers(server: Server, cookie: str, name: str, expected: str) -> None:
    # Sphinx puts `?v=` behind the names of its files, which makes tornado let them be cached for ten years.
    reply = server.ask(f"/course/{name}?v=1", Cookie=cookie)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == expected
    assert reply.headers["Content-Security-Policy"] == POLICY
    assert reply.headers["Cache-Control"] == "no-cache"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Last-Modified"]
    assert "Expires" not in reply.headers


def test_jupyterlab_keeps_its_own_policy(server: Server, cookie: str) -> None:
    reply = server.ask("/lab", Cookie=cookie)
    assert reply.status == 200
    assert reply.headers["Content-Security-Policy"].startswith("frame-ancestors 'self'; report-uri")


@pytest.mark.parametrize("name", ["index.html", "_static/page.css"])
def test_a_file_is_sent_again_only_when_it_changed(server: Server, cookie: str, name: str) -> None:
    path, file = f"/course/{name}", server.root / "_build" / "html" / name
    tag = server.ask(path, Cookie=cookie).headers["ETag"]
    assert server.ask(path, Cookie=cookie, If_None_Match=tag).status == 304
    before = file.stat().st_mtime_ns
    file.write_text(file.read_text(encoding="utf-8") + "/* more */", encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))
    again = server.ask(path, Cookie=cookie, If_None_Match=tag)
    assert (again.status, again.body[-10:]) == (200, "/* more */")
    assert again.headers["ETag"] != tag


@pytest.mark.parametrize("name", ["index.html", "_static/page.css"])
def test_head_says_what_get_would_send(server: Server, cookie: str, name: str) -> None:
    head, get = (server.ask(f"/course/{name}", method, Cookie=cookie) for method in ("HEAD", "GET"))
    assert head.body == ""
    for header in ("Content-Length", "Content-Type", "ETag"):
        assert head.headers[header] == get.headers[header]
    assert int(get.headers["Content-Length"]) == len(get.body)


def test_a_part_of_a_file_can_be_asked_for(server: Server, cookie: str) -> None:
    reply = server.ask("/course/_static/page.mjs", Cookie=cookie, Range="bytes=0-5")
    assert (reply.status, reply.body) == (206, "export")


@pytest.mark.parametrize("path", ["missing.html", "_static/", "missing/", "%00", "a" * 300, "<script>"])
def test_a_missing_page_leads_back_to_the_start(server: Server, cookie: str, path: str) -> None:
    reply = server.ask(f"/course/{path}", Cookie=cookie)
    assert reply.status == 404
    assert "There is no page at this address" in reply.body
    assert '<a href="/course/">' in reply.body
    assert "<script>" not in reply.body


@pytest.mark.parametrize("path", [
    "../../secret", "..%2f..%2fsecret", "%2e%2e/%2e%2e/secret", "tiers/../../../secret", "..%5c..%5csecret",
    "{root}/secret", "%2f{root}/secret", "/{root}/secret", "....//....//secret", "_static/out", "..%252f..%252fsecret"])
@pytest.mark.parametrize("kind", [".txt", ".html"])
def test_nothing_outside_the_site_is_sent(server: Server, cookie: str, path: str, kind: str) -> None:
    link = server.root / "_build" / "html" / "_static" / f"out{kind}"
    if not link.is_symlink():
        _link(link, server.root / f"secret{kind}")
    root = quote(server.root.as_posix())
    reply = server.ask(f"/course/{path.format(root=root)}{kind}", Cookie=cookie)
    assert reply.status in (403, 404)
    assert "not part of the site" not in reply.body
    assert '<a href="/course/">' in reply.body


def _link(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target)
    except OSError:  # Windows without the right to make links: there is nothing to follow then
        return


def test_writing_is_not_a_method_of_pages(server: Server) -> None:
    headers = server.sign_in()
    for method in ("POST", "PUT", "DELETE"):
        assert server.ask("/course/index.html", method, "x", **headers).status == 405
