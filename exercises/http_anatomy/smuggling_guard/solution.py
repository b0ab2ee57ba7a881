"""Where the body of a request ends: decided in one way, or not at all."""

import re

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # what a field's name may be made of: RFC 9110, section 5.6.2


def framing(lines: list[str]) -> int | str:
    """Return the number of bytes of the body, or "chunked".

    Raises ValueError for a request that somebody else may have read differently.
    """
    # >>> refuse what can be read in two ways
    #| fields = {}
    #| for line in lines:
    #|     name, _, value = line.partition(":")
    #|     fields[name.strip().lower()] = value.strip().lower()
    #|
    #| if "chunked" in fields.get("transfer-encoding", ""):
    #|     return "chunked"
    #| return int(fields.get("content-length", "0"))
    values: dict[str, list[str]] = {"content-length": [], "transfer-encoding": []}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not TOKEN.fullmatch(name) or any(each in value for each in "\r\n\0"):
            raise ValueError(f"not a field line: {line!r}")
        values.setdefault(name.lower(), []).append(value.strip(" \t"))

    lengths, encodings = values["content-length"], values["transfer-encoding"]
    if lengths and encodings:
        raise ValueError("both Content-Length and Transfer-Encoding")
    if len(lengths) > 1 or len(encodings) > 1:
        raise ValueError("the same field twice")

    if encodings:
        if encodings[0].lower() != "chunked":
            raise ValueError(f"not a transfer coding that is spoken here: {encodings[0]!r}")
        return "chunked"
    if lengths:
        if not (lengths[0].isascii() and lengths[0].isdigit()):
            raise ValueError(f"not a length: {lengths[0]!r}")
        return int(lengths[0])
    return 0
    # <<<
