"""Bodies in chunks that a reader may get wrong; then 200 that are put together at random, there and back."""

import random
import traceback
from collections.abc import Callable
from typing import Any

from course.check import Answer, Failure, check, expect, require

WIKI = b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"
LETTERS = bytes(range(97, 123))
PIECES = [
    b"Dune",
    b"\r\n",
    b"0\r\n\r\n",
    b"5\r\nkraken\r\n",
    "naïve".encode(),
    b"\xff\x00",
    b";",
    b"x" * 17,
    b"y" * 300,
]
AFTER = [b"", b"HTTP/1.1 204 No Content\r\n\r\n", b"0\r\n\r\n", b"\r\n"]

MALFORMED = {
    "the length '+4'": WIKI.replace(b"4\r", b"+4\r"),
    "the length '-4'": WIKI.replace(b"4\r", b"-4\r"),
    "the length '0x4'": WIKI.replace(b"4\r", b"0x4\r"),
    "the length '0_4'": WIKI.replace(b"4\r", b"0_4\r"),
    "the length 'four'": WIKI.replace(b"4\r", b"four\r"),
    "no length": WIKI.replace(b"4\r", b"\r"),
    "no length, and an extension": WIKI.replace(b"4\r", b";note\r"),
    "a chunk that is longer than its length": WIKI.replace(b"4\r", b"3\r"),
    "a chunk that is shorter than its length": WIKI.replace(b"4\r", b"5\r"),
    "two other bytes where a chunk has to end": WIKI.replace(b"Wiki\r\n", b"Wiki--"),
    "a lone \\n in the line of a length": WIKI.replace(b"4\r", b"4;a\nb\r"),
    "no line end after a chunk": WIKI.replace(b"Wiki\r\n", b"Wiki"),
    "the length ' 4'": WIKI.replace(b"4\r", b" 4\r"),
    "the length '4 '": WIKI.replace(b"4\r", b"4 \r"),
    "a lone \\n after the length": WIKI.replace(b"4\r\n", b"4\n"),
    "two \\r after the length": WIKI.replace(b"4\r", b"4\r\r"),
}


def call(function: Callable[[Any], Any], given: Any, tried: str, hint: int) -> Any:
    """Call a function of the answer; an exception is told together with what it was given."""
    try:
        return function(given)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == function.__code__.co_filename]
        where = f" in line {lines[-1]}" if lines else ""
        raise Failure(
            f"{tried} raises {type(error).__name__}{where}: {error}",
            hint=hint,
            line=lines[-1] if lines else None,
        ) from error


def decoded(answer: Answer, data: bytes, hint: int, words: str = "") -> Any:
    """Decode what is whole."""
    return call(answer.decode_chunked, data, f"{words}decode_chunked({data!r})", hint)


def chunks_of(data: Any, tried: str) -> list[bytes]:
    """Read what the answer wrote, strictly, and return its chunks with the last one."""
    require(isinstance(data, bytes), f"{tried} returned {data!r}, which is not bytes", hint=1)
    chunks = []
    rest = data
    while True:
        digits, end, rest = rest.partition(b"\r\n")
        here = f"{tried} returned {data!r}; after {len(chunks)} chunks"
        require(
            end != b"" and digits != b"" and not digits.strip(b"0123456789abcdefABCDEF"),
            f"{here} a line with a length in hexadecimal has to come, and there is {digits!r}",
            hint=1,
        )
        length = int(digits, 16)
        require(
            rest[length : length + 2] == b"\r\n",
            f"{here} comes the length {digits.decode()}, and {length} bytes later no \\r\\n, but "
            f"{rest[length : length + 2]!r}",
            hint=1,
        )
        chunks.append(rest[:length])
        rest = rest[length + 2 :]
        if length == 0:
            require(
                rest == b"", f"{here} comes the last, of length 0, and then there is still {rest!r}", hint=1
            )
            return chunks


def encoded(answer: Answer, pieces: list[bytes]) -> None:
    """Encode from an iterator, which can be read once; expect a chunk for each piece but the empty ones."""
    tried = f"encode_chunked({pieces!r})"
    data = call(answer.encode_chunked, iter(pieces), tried, 1)
    expect(
        chunks_of(data, tried),
        [*filter(None, pieces), b""],
        f"{tried} returned {data!r}; its chunks are",
        hint=1,
    )


def some_spelling(chance: random.Random, pieces: list[bytes]) -> bytes:
    """Write pieces as chunks, in one of the ways that are allowed."""
    data = b""
    for piece in [*pieces, b""]:
        digits = chance.choice([f"{len(piece):x}", f"{len(piece):X}", f"{len(piece):04x}"])
        data += (digits + chance.choice(["", "", ";note", ';by="Ada;Bo"'])).encode() + b"\r\n"
        data += piece + b"\r\n" if piece else b""
    return data + chance.choice([b"", b"", b"Expires: never\r\n", b'ETag: "7"\r\nX-Sum: 9\r\n']) + b"\r\n"


@check("each piece becomes one chunk, and the last chunk ends the body")
def encodes_pieces(answer: Answer) -> None:
    for pieces in ([b"Wiki", b"pedia"], [b"Dune"], []):
        encoded(answer, pieces)


@check("empty pieces do not end the body early", needs=encodes_pieces)
def leaves_out_empty_pieces(answer: Answer) -> None:
    for pieces in ([b"Wiki", b"", b"pedia"], [b""], [b"Dune", b""]):
        encoded(answer, pieces)


@check("it reads a body back, and hands back what comes after it")
def decodes_a_body(answer: Answer) -> None:
    for after in (b"", b"HTTP/1.1 200 OK\r\n", b"0\r\n\r\n"):
        expect(
            decoded(answer, WIKI + after, 2),
            (b"Wikipedia", after),
            f"decode_chunked({WIKI + after!r}) returned",
            hint=2 if after == b"" else 3,
        )
    expect(decoded(answer, b"0\r\n\r\n", 3), (b"", b""), "decode_chunked(b'0\\r\\n\\r\\n') returned", hint=3)


@check("lengths are hexadecimal", needs=decodes_a_body)
def reads_hexadecimal(answer: Answer) -> None:
    for digits in (b"1a", b"1A", b"0001a"):
        data = digits + b"\r\n" + LETTERS + b"\r\n0\r\n\r\n"
        expect(
            decoded(answer, data, 2),
            (LETTERS, b""),
            f"decode_chunked({data!r}), where {digits.decode()} is 26, returned",
            hint=3 if digits.startswith(b"0") else 2,
        )


@check("a chunk may hold whatever looks like the end of a line, a chunk or a body", needs=decodes_a_body)
def counts_instead_of_searching(answer: Answer) -> None:
    for piece in (b"Du\r\nne", b"Dune\r\n", b"\r\n0\r\n\r\n", b"a;b", b"0\r\n"):
        data = b"%x\r\n%b\r\n4\r\nEmma\r\n0\r\n\r\n" % (len(piece), piece)
        expect(decoded(answer, data, 1), (piece + b"Emma", b""), f"decode_chunked({data!r}) returned", hint=1)


@check("chunk extensions and trailer fields are skipped", needs=decodes_a_body)
def skips_what_is_not_body(answer: Answer) -> None:
    for data in (
        WIKI.replace(b"4\r", b"4;note\r"),
        WIKI.replace(b"5\r", b'5;a=1;by="Ada"\r'),
        WIKI.replace(b"0\r", b"0;last\r"),
        WIKI[:-2] + b"Expires: never\r\n\r\n",
        WIKI[:-2] + b"ETag: 7\r\nX-Sum: 9\r\n\r\n",
    ):
        expect(
            decoded(answer, data + b"GET", 3),
            (b"Wikipedia", b"GET"),
            f"decode_chunked({data + b'GET'!r}) returned",
            hint=3,
        )


def refuses(answer: Answer, what: str, data: bytes, hint: int) -> None:
    """Expect a ValueError."""
    tried = f"decode_chunked({data!r})"
    try:
        got = answer.decode_chunked(data)
    except ValueError:
        require(True, "refused")
        return
    except Exception as error:
        require(
            False,
            f"{what}: it must raise ValueError; {tried} raises {type(error).__name__}: {error}",
            hint=hint,
        )
    require(False, f"{what}: it must raise ValueError; {tried} returned {got!r}", hint=hint)


@check("a body that is cut short raises ValueError, wherever it is cut", needs=decodes_a_body, timeout=2)
def refuses_half_a_body(answer: Answer) -> None:
    data = WIKI[:-2] + b"ETag: 7\r\n\r\n"
    for end in range(len(data)):
        refuses(answer, "The connection ended before the body did", data[:end], 2)


@check("what is not well formed raises ValueError", needs=decodes_a_body, timeout=2)
def refuses_what_is_malformed(answer: Answer) -> None:
    for what, data in MALFORMED.items():
        refuses(answer, f"A body with {what}", data, 3 if "length" in what else 2)


@check("200 bodies come back as they were sent, however they are spelled", needs=skips_what_is_not_body)
def round_trip(answer: Answer) -> None:
    for size in (9, 10, 15, 16, 255, 256):
        encoded(answer, [b"x" * size, b"Dune"])
    chance = random.Random(2)
    for number in range(1, 201):
        pieces = [chance.choice(PIECES) for _ in range(chance.randrange(6))]
        after = chance.choice(AFTER)
        words = f"Body {number} of 200"
        data = call(answer.encode_chunked, iter(pieces), f"{words}: encode_chunked({pieces!r})", 1)
        for written in (data, some_spelling(chance, pieces)):
            expect(
                decoded(answer, written + after, 3, f"{words}: "),
                (b"".join(pieces), after),
                f"{words}: decode_chunked({written + after!r}) returned",
                hint=3,
            )


class Counted(bytes):
    """Bytes that note how many are copied out of them, or put together with them; so do the parts."""

    copies: list[int]  # one list for all parts

    def part(self, data: bytes) -> "Counted":
        """Note what was copied, and return it as bytes that go on counting."""
        self.copies.append(len(data))
        return counted(data, self.copies)

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return self.part(found) if isinstance(found, bytes) else found

    def __add__(self, other: Any) -> Any:
        return self.part(bytes(self) + bytes(other)) if isinstance(other, bytes) else NotImplemented

    def __radd__(self, other: Any) -> Any:
        return self.part(bytes(other) + bytes(self)) if isinstance(other, bytes) else NotImplemented

    def partition(self, mark: Any) -> Any:
        return tuple(map(self.part, super().partition(mark)))

    def split(self, *marks: Any, **at_most: Any) -> Any:
        return list(map(self.part, super().split(*marks, **at_most)))

    def removeprefix(self, prefix: Any) -> Any:
        return self.part(super().removeprefix(prefix))


def counted(data: bytes, copies: list[int]) -> Counted:
    """Return the data as bytes that write into `copies`."""
    made = Counted(data)
    made.copies = copies
    return made


@check("it copies each byte a few times, however many chunks there are", needs=round_trip)
def reads_many_chunks(answer: Answer) -> None:
    page, small = b"x" * 65_536, b"4\r\nDune\r\n" * 400
    titles = b"Dune" * 400
    for where, data, body, rest in (
        ("behind them", small + b"0\r\n\r\n" + page, titles, page),
        ("before them", b"10000\r\n" + page + b"\r\n" + small + b"0\r\n\r\n", page + titles, b""),
    ):
        words = f"400 chunks of four bytes, with {len(page):,} bytes {where}: decode_chunked"
        copies: list[int] = []
        pair = call(answer.decode_chunked, counted(data, copies), words, 2)
        expect(tuple(map(bytes, pair)), (body, rest), f"{words} returned", hint=2)
        require(
            sum(copies) < 10 * len(data),
            f"{words} copies {sum(copies):,} bytes to read {len(data):,}. Each cut of `data` copies "
            "all that is left, and each `+=` on `bytes` all that was read",
            hint=2,
        )
