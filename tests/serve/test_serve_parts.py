"""The pure parts of the server."""

import logging
from pathlib import Path

import pytest

from course.serve import browser, log, pages, settings, site


@pytest.mark.parametrize(("name", "expected"), [
    ("a.MJS", "text/javascript; charset=utf-8"), ("a/b.min.js", "text/javascript; charset=utf-8"),
    ("objects.inv", "application/octet-stream"), ("a.tar.gz", "application/octet-stream"), ("a.png", "image/png"),
    ("a.js.gz", "application/octet-stream"), ("LICENSE", "application/octet-stream"), ("a.woff2", "font/woff2")])
def test_content_types(name: str, expected: str) -> None:
    assert site.content_type(name) == expected


@pytest.mark.parametrize(("page", "expected"), [
    (b"\n<!DOCTYPE html>\n<html lang=en>", b'\n<!DOCTYPE html>\n<html data-course-server="/" lang=en>'),
    (b"<HTML>", b'<html data-course-server="/">'),
    (b"<html lang=en><pre><html lang=de>", b'<html data-course-server="/" lang=en><pre><html lang=de>'),
    (b"<htmlx><p>", b"<htmlx><p>")])
def test_only_the_page_s_own_tag_is_marked(page: bytes, expected: bytes) -> None:
    assert site.mark(page, "/") == expected


def test_a_base_address_cannot_leave_its_attribute() -> None:
    assert site.mark(b"<html>", '/a"><script>') == b'<html data-course-server="/a&quot;&gt;&lt;script&gt;">'
    assert site.mark(b"<html>", r"/\1") == b'<html data-course-server="/\\1">'


def test_pages_lead_back_to_an_escaped_start() -> None:
    assert '<a href="/x&quot;/course/">' in pages.not_found('/x"/course/')
    assert "(405, Method Not Allowed)" in pages.failed("/course/", 405)


@pytest.mark.parametrize(("platform", "environment", "expected"), [
    ("linux", {}, False), ("linux", {"DISPLAY": ":0"}, True), ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
    ("linux", {"BROWSER": "firefox"}, True), ("darwin", {}, True), ("win32", {}, True),
    ("darwin", {"SSH_CONNECTION": "1"}, False)])
def test_a_browser_is_opened_only_where_it_is_seen(platform: str, environment: dict[str, str], expected: bool) -> None:
    assert browser.can_be_seen(platform, environment) is expected


def test_the_environment_of_kernels_has_no_jupyter_but_ours() -> None:
    inherited = {"PATH": "/bin", "JUPYTER_TOKEN": "x", "JUPYTERLAB_DIR": "/y", "IPYTHONDIR": "/z"}
    assert settings.environment(inherited, Path("state"), Path("private")) == {
        "PATH": "/bin", "JUPYTER_NO_CONFIG": "1", "JUPYTER_DATA_DIR": str(Path("state/data")),
        "JUPYTER_RUNTIME_DIR": str(Path("private/runtime")), "IPYTHONDIR": str(Path("private/ipython"))}


def test_idle_kernels_end_after_thirty_minutes_unless_looked_at() -> None:
    kernels = settings.config(Path("root"), Path("state"), 8888).MappingKernelManager
    assert (kernels.cull_idle_timeout, kernels.cull_connected, kernels.cull_busy) == (1800, False, False)
    assert 0 < kernels.cull_interval <= 60


def test_the_log_drops_noise_and_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    logger, handler = logging.getLogger("test_serve_parts"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    log.quiet([handler], "s3cret")
    logger.info("an information")
    logger.warning("wrote error: %r", "Forbidden")
    logger.warning("404 GET /x?token=%s", "s3cret")
    try:
        raise ValueError("s3cret")
    except ValueError:
        logger.exception("failed")
    logger.removeHandler(handler)
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["WARNING 404 GET /x?token=[token]", "ERROR failed"]
    assert lines[-1] == "ValueError: [token]"
