# Another style: what is allowed is written down as patterns, and everything else is refused.
"""Where the body of a request ends: decided in one way, or not at all."""

import re

FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*")
ALLOWED = {
    "content-length": re.compile(r"[0-9]+"),
    "transfer-encoding": re.compile(r"chunked", re.IGNORECASE),
}


def framing(lines: list[str]) -> int | str:
    """Return the number of bytes of the body, or "chunked".

    Raises ValueError for a request that somebody else may have read differently.
    """
    decided: int | str | None = None
    for line in lines:
        if not (field := FIELD.fullmatch(line)):
            raise ValueError(f"not a field line: {line!r}")
        name, value = field[1].lower(), field[2]
        if name not in ALLOWED:
            continue
        if decided is not None:
            raise ValueError("a second field says where the body ends")
        if not ALLOWED[name].fullmatch(value):
            raise ValueError(f"{name} says {value!r}")
        decided = int(value) if name == "content-length" else "chunked"
    return decided or 0
