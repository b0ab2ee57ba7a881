"""Single requests first; then one cut at every byte, broken ones, and 200 that are put together at random."""

import random
import traceback
from typing import Any

from course.check import Answer, Failure, check, expect, require

GET = b"GET /books HTTP/1.1\r\nHost: shelf.example\r\n\r\n"
BODY = "naïve".encode()
POST = b"POST /loans HTTP/1.1\r\nHost: shelf.example\r\nContent-Length: 6\r\n\r\n" + BODY

BROKEN = {
    "two words in its request line": b"GET /books\r\nHost: shelf.example\r\n\r\n",
    "four words in its request line": b"GET /my books HTTP/1.1\r\nHost: shelf.example\r\n\r\n",
    "two spaces in its request line": b"GET  /books HTTP/1.1\r\nHost: shelf.example\r\n\r\n",
    "no target, and two spaces": b"GET  HTTP/1.1\r\nHost: shelf.example\r\n\r\n",
    "no method": b" /books HTTP/1.1\r\nHost: shelf.example\r\n\r\n",
    "another version": b"GET /books HTTP/1.0\r\nHost: shelf.example\r\n\r\n",
    "a field line without a colon": b"GET /books HTTP/1.1\r\nHost: shelf.example\r\nAccept\r\n\r\n",
    "a space before a colon": b"GET /books HTTP/1.1\r\nHost: shelf.example\r\nContent-Length : 0\r\n\r\n",
    "a tab before a colon": b"GET /books HTTP/1.1\r\nHost\t: shelf.example\r\n\r\n",
    "a field line without a name": b"GET /books HTTP/1.1\r\nHost: shelf.example\r\n: 1\r\n\r\n",
    "a field line that begins with a space": b"GET /books HTTP/1.1\r\nHost: shelf.example\r\n Accept: */*\r\n\r\n",
    "a lone line end in a field line": b"GET /books HTTP/1.1\r\nHost: x\nTransfer-Encoding: chunked\r\n\r\n",
    "no Host": b"GET /books HTTP/1.1\r\nAccept: */*\r\n\r\n",
    "two Host fields": b"GET /books HTTP/1.1\r\nHost: shelf.example\r\nhost: shelf.example\r\n\r\n",
    "a tab before the colon of a field that nobody needs": GET[:-2] + b"X-Note\t: 1\r\n\r\n",
    "a lone \\n after its request line": GET.replace(b"1.1\r\n", b"1.1\n"),
    "a version in small letters": GET.replace(b"HTTP", b"http"),
    "another version, and half of its body": POST.replace(b"1.1", b"1.0")[:-3],
}
LENGTHS = ["+6", "-6", "1_0", "0x6", "6.0", "six", "6, 6", ""]

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
TARGETS = ["/", "/books", "/books/42?fields=title", "/search?q=dune%20messiah", "/at?time=12:30", "*"]
NAMES = ["Accept", "User-Agent", "X-Reader", "If-None-Match", "cookie", "REFERER"]
VALUES = [
    "",
    "*/*",
    "text/html;q=0.9, */*;q=0.1",
    "http://shelf.example:8080/books",
    '"33a6"',
    "Ada  Lovelace",
    ": :",
]
PIECES = [
    b"",
    b"Dune",
    b"\r\n",
    b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n",
    BODY,
    b"\xff\x00",
    b"Content-Length: 3",
    b" ",
]


def call(answer: Answer, data: bytes, words: str = "", hint: int = 1) -> Any:
    """Parse; an exception is told together with the bytes."""
    try:
        return answer.parse_request(data)
    except Exception as error:
        file = answer.parse_request.__code__.co_filename
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file
        ]
        where = f" in line {lines[-1]}" if lines else ""
        raise Failure(
            f"{words}parse_request({data!r}) raises {type(error).__name__}{where}: {error}",
            hint=hint,
            line=lines[-1] if lines else None,
        ) from error


def parsed(answer: Answer, data: bytes, words: str = "", hint: int = 1) -> tuple[Any, bytes]:
    """Parse what is complete, and require a pair of a Request and bytes."""
    pair = call(answer, data, words, hint)
    tried = f"{words}parse_request({data!r})"
    require(pair is not None, f"{tried} is None, and the request is complete", hint=hint)
    require(
        isinstance(pair, tuple) and len(pair) == 2,
        f"{tried} is {pair!r}, not a pair (request, rest)",
        hint=hint,
    )
    request, rest = pair
    require(
        isinstance(request, answer.Request),
        f"{tried}: the first of the pair is {request!r}, not a Request",
        hint=hint,
    )
    return request, rest


def shuffled_case(chance: random.Random, name: str) -> str:
    """Return a name with some letters large and others small."""
    return "".join(chance.choice([letter.lower(), letter.upper()]) for letter in name)


def some_request(chance: random.Random) -> tuple[bytes, tuple[str, str], list[tuple[str, str]], bytes]:
    """Put a request together; return its bytes, and what is to be read from them."""
    body = b"".join(chance.choice(PIECES) for _ in range(chance.randrange(6)))
    pairs = [("Host", "shelf.example:8080")]
    pairs += [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randrange(5))]
    if body or chance.random() < 0.5:
        pairs.append(("Content-Length", "0" * chance.randrange(3) + str(len(body))))
    chance.shuffle(pairs)
    pairs = [(shuffled_case(chance, name), value) for name, value in pairs]
    line = (chance.choice(METHODS), chance.choice(TARGETS))
    spaces = ["", " ", "  ", "\t", " \t"]
    head = "".join(
        f"{name}:{chance.choice(spaces)}{value}{chance.choice(spaces)}\r\n" for name, value in pairs
    )
    data = f"{line[0]} {line[1]} HTTP/1.1\r\n{head}\r\n".encode() + body
    return data, line, [(name.lower(), value.strip(" \t")) for name, value in pairs], body


@check("it reads method and target from the request line")
def reads_the_request_line(answer: Answer) -> None:
    delete = b"DELETE /loans/7?why=lost HTTP/1.1\r\nHost: shelf.example\r\n\r\n"
    for data, line in ((GET, ("GET", "/books")), (delete, ("DELETE", "/loans/7?why=lost"))):
        request, _ = parsed(answer, data)
        expect(
            (request.method, request.target), line, f"Method and target of parse_request({data!r})", hint=2
        )


@check("it reads each field line, in order, whatever the capitals and spaces", needs=reads_the_request_line)
def reads_the_fields(answer: Answer) -> None:
    request, _ = parsed(answer, GET)
    expect(request.fields, [("host", "shelf.example")], f"The fields of parse_request({GET!r})", hint=2)
    data = GET[:-2] + b"ACCEPT:text/html\r\nCookie: \ta=1 \r\nX-Reader: Ada  Byron\r\n"
    data += b"X-Note:\x0b1\x0c2\r\ncookie: b=2\r\n\r\n"
    want = [
        ("host", "shelf.example"),
        ("accept", "text/html"),
        ("cookie", "a=1"),
        ("x-reader", "Ada  Byron"),
        ("x-note", "\x0b1\x0c2"),
        ("cookie", "b=2"),
    ]
    request, _ = parsed(answer, data, hint=2)
    expect(request.fields, want, f"The fields of parse_request({data!r})", hint=2)


@check("the body has as many bytes as Content-Length says", needs=reads_the_request_line)
def reads_the_body(answer: Answer) -> None:
    request, _ = parsed(answer, GET)
    expect(request.body, b"", f"The body of parse_request({GET!r}), which has no Content-Length", hint=3)
    head = b"PUT /cover HTTP/1.1\r\nHost: shelf.example\r\ncontent-length: 8\r\n\r\n"
    for data, body in ((POST, BODY), (head + b"\xff\xd8\r\n\r\n\xff\xd9", b"\xff\xd8\r\n\r\n\xff\xd9")):
        request, _ = parsed(answer, data, hint=3)
        expect(request.body, body, f"The body of parse_request({data!r})", hint=3)


@check("it hands back the bytes after the request", needs=reads_the_body)
def hands_back_the_rest(answer: Answer) -> None:
    for data in (GET, POST):
        for rest in (b"", GET, b"POST /lo"):
            request, got = parsed(answer, data + rest, hint=3)
            expect(got, rest, f"What parse_request({data + rest!r}) hands back", hint=3)
            expect(
                request.body,
                BODY if data == POST else b"",
                f"The body of parse_request({data + rest!r})",
                hint=3,
            )


@check("while bytes are missing it returns None", needs=reads_the_body)
def waits_for_more(answer: Answer) -> None:
    for end in range(len(POST)):
        got = call(answer, POST[:end])
        require(
            got is None,
            f"parse_request({POST[:end]!r}) returned {got!r}; more bytes have to come, so the answer is None",
            hint=1 if b"\r\n\r\n" not in POST[:end] else 3,
        )


@check("what can never become a request raises ValueError", needs=reads_the_fields)
def refuses_broken_ones(answer: Answer) -> None:
    broken = dict(BROKEN)
    for length in LENGTHS:
        broken[f"the Content-Length {length!r}"] = POST.replace(b": 6", f": {length}".encode())
    for what, data in broken.items():
        try:
            got = answer.parse_request(data)
        except ValueError:
            continue
        except Exception as error:
            require(
                False,
                f"A request with {what} must raise ValueError; parse_request({data!r}) raises "
                f"{type(error).__name__}: {error}",
                hint=2,
            )
        require(
            False,
            f"A request with {what} must raise ValueError; parse_request({data!r}) returned {got!r}",
            hint=3 if "Length '" in what else 2,
        )
    require(True, "Each raised ValueError")


@check(
    "200 requests, put together at random, are read as they were written", needs=hands_back_the_rest, points=2
)
def reads_200_at_random(answer: Answer) -> None:
    chance = random.Random(1)
    for number in range(1, 201):
        data, line, fields, body = some_request(chance)
        rest = chance.choice([b"", GET, b"GE"])
        words = f"Request {number} of 200: "
        request, got_rest = parsed(answer, data + rest, words, hint=2)
        tried = f"{words}in parse_request({data + rest!r})"
        expect((request.method, request.target), line, f"{tried} method and target", hint=2)
        expect(request.fields, fields, f"{tried} the fields", hint=2)
        expect(request.body, body, f"{tried} the body", hint=3)
        expect(got_rest, rest, f"{tried} what is handed back", hint=3)
