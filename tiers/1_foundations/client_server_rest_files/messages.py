"""A request and a response, as an application sees them: the bytes of a connection are somebody else's work."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """What a client asks: a method, a path with its query, fields by name, and a body."""

    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """What a server answers: a status, fields by name, and a body."""

    status: int
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
