"""So many requests a minute for each client: a bucket that fills again, and headers that say what is left of it."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shelf import problems

MOST_CLIENTS = 10_000  # buckets that are kept; a client whose bucket is forgotten begins with a full one
MINUTE = 60.0


class Limits:
    """ASGI middleware. A client is its token, or without one its address."""

    def __init__(self, app: ASGIApp, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self.most, self.clock = app, per_minute, clock
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 429 (RFC 6585)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        left = self.take(client(scope))
        told = {"RateLimit-Policy": f'"default";q={self.most};w={MINUTE:g}',
                "RateLimit": f'"default";r={max(0, math.floor(left))}'}  # draft-ietf-httpapi-ratelimit-headers-10
        if left < 0:
            wait = {"Retry-After": str(math.ceil(-left * MINUTE / self.most))}
            await problems.response(429, "Too many requests.", told | wait)(scope, receive, send)
            return

        async def with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)
        await self.app(scope, receive, with_limits)

    def take(self, who: str) -> float:
        """Take one from a client's bucket; return what is left, below zero when there was none to take."""
        now = self.clock()
        before, then = self.buckets.pop(who, (float(self.most), now))
        left = min(float(self.most), before + (now - then) * self.most / MINUTE) - 1
        self.buckets[who] = (max(left, left + 1 if left < 0 else left), now)
        if len(self.buckets) > MOST_CLIENTS:
            self.buckets.popitem(last=False)
        return left


def client(scope: Scope) -> str:
    """Return what tells one client from another."""
    token = Headers(scope=scope).get("Authorization")
    return token or str((scope.get("client") or ("nobody",))[0])
