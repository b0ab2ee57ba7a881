"""Only the person who started the server gets in, and what lets them in is told to nobody else."""

import json

import psutil
import pytest
import websocket
from local_server import Server

PAGES = ("/", "/course/", "/course/tiers/demo.html", "/course/missing.html", "/lab", "/lab/tree/tiers/demo.ipynb",
         "/files/secret.txt", "/login", "/nowhere")
FOREIGN = "http://127.0.0.1.example.org"


def test_listens_on_this_machine_only(server: Server) -> None:
    listening = [connection.laddr.ip for connection in psutil.Process(server.process.pid).net_connections("inet")
                 if connection.status == psutil.CONN_LISTEN]
    assert listening == ["127.0.0.1"]


@pytest.mark.parametrize("path", PAGES)
def test_page_without_a_token_names_the_terminal(server: Server, path: str) -> None:
    reply = server.ask(path)
    assert reply.status == 403
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "This browser is not signed in" in reply.body
    assert "the terminal in which the course was started" in reply.body
    assert "<form" not in reply.body


@pytest.mark.parametrize("token", ["", "x", "from-outside", "{token}x", "%00", "%E2%82%AC"])
def test_wrong_token_is_said_to_be_old(server: Server, token: str) -> None:
    reply = server.ask("/course/?token=" + token.format(token=server.token))
    assert reply.status == 403
    assert "earlier start" in reply.body
    assert "the terminal in which the course was started" in reply.body
    assert "Location" not in reply.headers
    assert "Set-Cookie" not in reply.headers


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(server: Server) -> None:
    reply = server.ask(f"/course/?a=1&token={server.token}&b=%26")
    assert (reply.status, reply.headers["Location"]) == (302, "/course/?a=1&b=%26")
    (cookie,) = reply.headers.get_all("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "expires" not in cookie.lower()
    assert server.ask("/course/", Cookie=cookie.split(";")[0]).status == 200


def test_the_redirect_stays_on_this_host(server: Server) -> None:
    assert server.ask(f"//example.org?token={server.token}").headers["Location"] == "/example.org"


def test_a_forged_cookie_is_worth_nothing(server: Server) -> None:
    name = server.sign_in()["Cookie"].split("=")[0]
    reply = server.ask("/course/", Cookie=f'{name}="2|1:0|10:1|{len(name)}:{name}|4:e30=|0"')
    assert reply.status == 403


def test_signed_in_but_with_an_old_token_in_the_address(server: Server) -> None:
    reply = server.ask("/course/tiers/?token=old", Cookie=server.sign_in()["Cookie"])
    assert (reply.status, reply.headers["Location"]) == (302, "/course/tiers/")


def test_after_log_out_the_cookie_is_taken_back(server: Server) -> None:
    reply = server.ask("/logout", Cookie=server.sign_in()["Cookie"])
    assert "expires=" in reply.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/api/kernels", "/api/contents/", "/api/sessions", "/lab/api/settings",
                                  "/api/contents/tiers/demo.ipynb?token=wrong"])
def test_api_needs_the_cookie(server: Server, path: str) -> None:
    reply = server.ask(path)
    assert reply.status == 403
    assert json.loads(reply.body)["message"] == "Forbidden"
    assert server.ask(path, **server.sign_in()).status == 200


def test_other_host_names_are_refused(server: Server) -> None:
    """Even with the token: a name that was made to point here after its page was loaded (DNS rebinding)."""
    for path in ("/course/", "/lab", "/api/kernels"):
        entry = f"{path}?token={server.token}"
        assert server.ask(entry, Host=f"rebound.example.org:{server.port}").status == 403
        assert server.ask(entry, Host=f"localhost:{server.port}").status in (200, 302)


def test_other_origins_cannot_use_the_api(server: Server) -> None:
    headers = server.sign_in()
    for method in ("GET", "POST"):
        reply = server.ask("/api/kernels", method, "{}" if method == "POST" else None,
                           **headers | {"Origin": FOREIGN})
        assert reply.status == 404
        assert "Access-Control-Allow-Origin" not in reply.headers
    assert json.loads(server.ask("/api/kernels", **headers).body) == []


def test_a_post_needs_the_xsrf_token(server: Server) -> None:
    headers = server.sign_in()
    for wrong in ({"X_XSRFToken": "wrong"}, {"X_XSRFToken": ""}):
        assert server.ask("/api/kernels", "POST", "{}", **headers | wrong).status == 403
    assert json.loads(server.ask("/api/kernels", **headers).body) == []


def test_websockets_need_the_cookie_and_the_own_origin(server: Server) -> None:
    headers = server.sign_in()
    kernel = server.start_kernel(headers)
    with pytest.raises(websocket.WebSocketBadStatusException) as foreign:
        server.connect(kernel, headers, origin=FOREIGN)
    with pytest.raises(websocket.WebSocketBadStatusException) as unknown:
        server.connect(kernel, {"Cookie": ""})
    assert (foreign.value.status_code, unknown.value.status_code) == (403, 403)
    server.connect(kernel, headers).close()
    assert server.ask(f"/api/kernels/{kernel}", "DELETE", **headers).status == 204


@pytest.mark.parametrize("path", ["/api/terminals", "/terminals/websocket/1", "/lsp/status"])
def test_there_are_no_terminals_and_no_language_servers(server: Server, path: str) -> None:
    assert server.ask(path, **server.sign_in()).status == 404


def test_the_token_is_in_nothing_that_is_sent(server: Server) -> None:
    cookie = server.sign_in()["Cookie"]
    entry = server.ask(f"/course/?token={server.token}")
    replies = [entry, *(server.ask(path, Cookie=cookie) for path in (*PAGES, "/api", "/api/me", "/logout"))]
    for reply in replies:
        assert server.token not in reply.body
        assert server.token not in str(reply.headers)
        assert reply.headers["Referrer-Policy"] == "same-origin"


def test_the_token_is_in_one_printed_line_only(server: Server) -> None:
    for path in ("/api/contents/missing", "/api/kernels/none", "/course/", "/files/missing"):
        server.ask(f"{path}?token={server.token}", Referer=f"{server.origin}/?token={server.token}")
    server.ask("/api/contents/missing", Authorization=f"token {server.token}")
    lines = server.printed().splitlines()
    assert any("token=[token]" in line for line in lines), "no warning with an address: nothing was tried"
    assert [line.split("?")[0] for line in lines if server.token in line] == [
        f"The course is open at {server.origin}/course/"]
