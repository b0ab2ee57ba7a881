"""Who may see the course: whoever opens the address from the terminal, then that browser's cookie."""

import hmac
import secrets
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode, urlsplit

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.websocket import WebSocketHandler
from traitlets import default

from course.serve import pages


class TokenOnce(IdentityProvider):
    """Exchanges the token of this start for a cookie and takes it out of the address at once."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # Not `IdentityProvider.token`: Jupyter writes that one into its pages, JupyterLab's settings and a
        # file for other programs. It stays empty, so they have nothing to tell.
        self.secret = secrets.token_urlsafe(32)
        self._tickets: set[str] = set()

    @default("token")
    def _token_default(self) -> str:
        return ""

    @default("cookie_options")
    def _cookie_options_default(self) -> dict[str, Any]:
        return {"samesite": "Lax", "expires_days": None}  # ends with the browser's session

    def ticket(self) -> str:
        """Return a token that is accepted once.

        It is for the command that opens the browser: other users of the machine can read the arguments of
        a running command.
        """
        ticket = secrets.token_urlsafe(32)
        self._tickets.add(ticket)
        return ticket

    async def get_user_token(self, handler: web.RequestHandler) -> User | None:
        """Return a user when the request carries this start's token, in its address or its header."""
        given = self.get_token(handler) or ""
        if given in self._tickets:
            self._tickets.remove(given)
        elif not hmac.compare_digest(given.encode(), self.secret.encode()):
            return None
        known = self.get_user_cookie(handler)
        return known if isinstance(known, User) else self.generate_anonymous_user(handler)

    async def get_user(self, handler: web.RequestHandler) -> User | None:
        """Return the reader or None; answer requests for pages at once where there is nothing to show.

        A page asked for with a token is redirected to its address without it; a page asked for by someone
        unknown is answered with words. API and WebSocket requests are left to Jupyter, which says 403.
        """
        user = await self._get_user(handler)
        if _is_page(handler):
            if user is None and not _is_public(handler):
                refuse(handler)
            if user is not None and "token" in handler.request.query_arguments:
                _redirect_without_token(handler)
        return user

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return the way out; there is no login form, the terminal has the address."""
        return [(r"/logout", self.logout_handler_class)]


def refuse(handler: web.RequestHandler) -> NoReturn:
    """End the request with status 403 and a page that names the terminal as the place of the address."""
    handler.set_status(403)
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Cache-Control", "no-store")
    handler.finish(pages.refused(token_given="token" in handler.request.query_arguments))
    raise web.Finish


def _redirect_without_token(handler: web.RequestHandler) -> NoReturn:
    address = urlsplit(handler.request.uri or "/")
    query = urlencode([(name, value) for name, value in parse_qsl(address.query, keep_blank_values=True)
                       if name != "token"])
    path = "/" + (handler.request.path or "").lstrip("/\\")  # `//host` would lead to another host
    handler.set_header("Cache-Control", "no-store")
    handler.redirect(path + (f"?{query}" if query else ""))
    raise web.Finish


def _is_page(handler: web.RequestHandler) -> bool:
    return (handler.request.method in ("GET", "HEAD")
            and not isinstance(handler, (APIHandler, WebSocketHandler)))


def _is_public(handler: web.RequestHandler) -> bool:
    """Say whether Jupyter shows this to everyone: its own style sheets and icons, and the way out."""
    method = getattr(handler, (handler.request.method or "").lower())
    return getattr(method, "__allow_unauthenticated", False) is True
