"""Good requests first, which must go on; then those that two readers may read in two ways, kind by kind."""

from typing import Any

from course.check import Answer, check, expect, require

HOST = "Host: shelf.example"
BODY = b"0\r\n\r\nDELETE /books/42 HTTP/1.1\r\nHost: shelf.example\r\n\r\n"
LENGTH, CHUNKED = f"Content-Length: {len(BODY)}", "Transfer-Encoding: chunked"

GOOD: list[tuple[list[str], int | str]] = [
    ([HOST], 0),
    ([HOST, "Content-Length: 6"], 6),
    (["content-length:6", HOST], 6),
    ([HOST, "CONTENT-LENGTH: \t 0 "], 0),
    ([HOST, "Content-Length: 0042"], 42),
    ([HOST, CHUNKED], "chunked"),
    ([HOST, "transfer-encoding:\tChunked "], "chunked"),
    ([HOST, "TRANSFER-ENCODING: CHUNKED"], "chunked"),
    ([HOST, "X-Transfer-Encoding: gzip", "Content-Length: 6"], 6),
    ([HOST, "Cookie: a=1", "Cookie: b=2", "Referer: http://shelf.example:80/", "Accept:"], 0),
    ([HOST, "X-Note: Content-Length: 7, chunked", "Content-Length: 6"], 6),
]


def refused(answer: Answer, lines: list[str], why: str, hint: int) -> None:
    """Expect a ValueError."""
    try:
        got = answer.framing(list(lines))
    except ValueError:
        require(True, "refused")
        return
    except Exception as error:
        require(
            False,
            f"framing({lines!r}) must raise ValueError and raises {type(error).__name__}: {error}",
            hint=hint,
        )
    require(False, f"framing({lines!r}) returned {got!r}. {why}", hint=hint)


def requests_by_length(data: bytes) -> list[str]:
    """Read as the proxy does: `Content-Length` says where a body ends."""
    found: list[str] = []
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        lengths = [int(field[16:]) for field in fields if field.startswith("Content-Length: ")]
        found.append(line.removesuffix(" HTTP/1.1"))
        data = data[lengths[0] if lengths else 0 :]
    return found


def requests_by_chunks(data: bytes) -> list[str]:
    """Read as Shelf did: the chunk of length 0 ends a body."""
    found: list[str] = []
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        found.append(head.decode().split("\r\n")[0].removesuffix(" HTTP/1.1"))
        if "Transfer-Encoding: chunked" in head.decode():
            data = data.partition(b"0\r\n\r\n")[2]
    return found


@check("what can be read in one way only is let through")
def lets_good_ones_through(answer: Answer) -> None:
    for lines, want in GOOD:
        got: Any
        try:
            got = answer.framing(list(lines))
        except ValueError as error:
            require(
                False,
                f"framing({lines!r}) raises ValueError: {error}. Nothing is wrong with this one",
                hint=2,
            )
        expect(got, want, f"framing({lines!r}) returned", hint=2)


@check("a request with both fields is refused", needs=lets_good_ones_through)
def refuses_both_fields(answer: Answer) -> None:
    data = "\r\n".join(["POST /loans HTTP/1.1", HOST, LENGTH, CHUNKED, "\r\n"]).encode() + BODY
    one, two = ", ".join(requests_by_length(data)), " and ".join(requests_by_chunks(data))
    why = f"Whoever goes by Content-Length reads one request, {one}; whoever goes by the chunks reads {two}"
    for lines in ([HOST, LENGTH, CHUNKED], [CHUNKED, HOST, LENGTH], [HOST, LENGTH.lower(), CHUNKED.upper()]):
        refused(answer, lines, why, hint=1)
    for length in ("0", "5"):
        refused(
            answer,
            [HOST, f"Content-Length: {length}", CHUNKED],
            "Both fields are there: refuse it, whatever they say",
            hint=2,
        )


@check("a second Content-Length is refused", needs=lets_good_ones_through)
def refuses_two_lengths(answer: Answer) -> None:
    why = "Another reader may take the first, the last or none of them"
    refused(answer, [HOST, "Content-Length: 6", "Content-Length: 60"], why, hint=1)
    refused(answer, ["Content-Length: 60", HOST, "content-length: 6"], why, hint=1)
    refused(answer, [HOST, "Content-Length: 0", "Content-Length: 6"], why, hint=1)
    refused(
        answer,
        [HOST, "Content-Length: 6", "Content-Length: 6"],
        "There are two: refuse them, even when they agree",
        hint=2,
    )


@check("a Content-Length that is not made of digits is refused", needs=lets_good_ones_through)
def refuses_odd_lengths(answer: Answer) -> None:
    for length in ("+6", "-6", "1_0", "0x6", "6.0", "6 6", "6, 6", "six", "", "\uff16", "\x0b6"):
        refused(
            answer,
            [HOST, f"Content-Length: {length}"],
            f"{length!r} is not made of the digits 0 to 9 alone, and readers differ in what they make of it",
            hint=2,
        )


@check("any Transfer-Encoding but one `chunked` is refused", needs=lets_good_ones_through)
def refuses_odd_encodings(answer: Answer) -> None:
    for value in (
        "xchunked",
        "chunkedx",
        "gzip",
        "identity",
        "",
        "chunked, chunked",
        "gzip, chunked",
        "chunked, gzip",
        '"chunked"',
        "\x0bchunked",
        "chunked\x0c",
        "chunked;q=1",
    ):
        refused(
            answer,
            [HOST, f"Transfer-Encoding: {value}"],
            f"{value!r} is not `chunked`: a reader who finds the word in it reads chunks, another does not",
            hint=2,
        )
    for first, second in (("chunked", "identity"), ("identity", "chunked"), ("chunked", "chunked")):
        refused(
            answer,
            [HOST, f"Transfer-Encoding: {first}", f"Transfer-Encoding: {second}"],
            "There are two of them: another reader may take the other one",
            hint=1,
        )


@check("a line that is not quite a field line is refused", needs=lets_good_ones_through)
def refuses_odd_lines(answer: Answer) -> None:
    for line in ("Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "X-Note : 1"):
        refused(
            answer,
            [HOST, line, "Content-Length: 6"],
            "Before the colon stands a space or a tab: some readers take it away, others know no such name",
            hint=3,
        )
    for line in (" Transfer-Encoding: chunked", "\tTransfer-Encoding: chunked", " X-Note: 1"):
        refused(
            answer,
            [HOST, "X-Note: 1", line],
            "The line begins with a space or a tab: some readers take it for the end of the line before",
            hint=3,
        )
    for name in ("Transfer-Encoding\x0b", "Transfer Encoding", "\u00a0Transfer-Encoding", ""):
        line = f"{name}: chunked"
        refused(
            answer,
            [HOST, line, "Content-Length: 6"],
            "The name is empty or holds what no name may hold: some readers take it away",
            hint=3,
        )
    for end in ("\n", "\r", "\0"):
        refused(
            answer,
            [HOST, f"X-Note: a{end}Transfer-Encoding: chunked", "Content-Length: 6"],
            f"There is {end!r} in the value: for some readers a new line begins there",
            hint=3,
        )
    for line in ("Transfer-Encoding", "chunked", ""):
        refused(answer, [HOST, line, "Content-Length: 6"], f"{line!r} has no colon", hint=2)
