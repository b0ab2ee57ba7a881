"""Walks that write down how far they are, and readers that ask for one book after the other."""

import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet

from course.check import Answer, check, expect, require

ENOUGH = 200  # books: a walk without an end has been asked for too many
Visit = Callable[[Any], Any]


def walk(place: list[Any], visit: Visit) -> None:
    """Walk over boxes in boxes; it calls itself."""
    for book in place:
        if isinstance(book, list):
            walk(book, visit)
        else:
            visit(book)


def ask(books: Any, tried: str, hint: int = 1) -> Any:
    """Return the next book; `StopIteration` says so, and no other exception may come."""
    try:
        return next(books)
    except StopIteration:
        return "StopIteration"
    except Exception as error:
        require(False, f"{tried}: next(...) raises {type(error).__name__}: {error}", hint=hint)


def expect_end(books: Any, tried: str, hint: int) -> None:
    """Ask three times; there must be no more books."""
    expect([ask(books, tried, hint) for _ in range(3)], ["StopIteration"] * 3, f"{tried}. What next(...) gives, asked "
           "three times more", hint=hint)


class Shelf:
    """A walk over some books that writes down how far it is."""

    def __init__(self, *books: Any, error: BaseException | None = None, returns: Any = None) -> None:
        self.books, self.error, self.returns = books, error, returns
        self.said: list[str] = []
        self.got: list[Any] = []  # what `visit` returned

    def walk(self, visit: Visit) -> Any:
        """Visit all books."""
        self.said.append("begins")
        try:
            for book in self.books:
                self.said.append(f"{book}")
                self.got.append(visit(book))
                require(len(self.got) < ENOUGH, f"A walk was asked for a few books, and has visited {ENOUGH}.", hint=1)
            if self.error:
                raise self.error
        finally:
            self.said.append("ends")
        return self.returns


@check("the books come in the order of the walk, from any depth")
def gives_the_books(answer: Answer) -> None:
    """From a tree, from below 300 calls, and from below C functions."""
    tree = ["Emma", ["Dune", ["Walden"], []], [["Ulysses"]], "Middlemarch"]
    books = answer.each(walk, tree)
    story = f"books = each(walk, {tree})"
    require(hasattr(type(books), "__next__"), f"{story}: next(books) is not possible, as it is of type "
            f"{type(books).__name__}, which is no iterator.", hint=1)
    require(iter(books) is books, f"{story}: iter(books) gives something else than books.", hint=1)
    expect([ask(books, story) for _ in range(6)],
           ["Emma", "Dune", "Walden", "Ulysses", "Middlemarch", "StopIteration"], f"{story}. Six times next(books)",
           hint=1)
    box: list[Any] = ["Dune"]
    for _ in range(300):
        box = [box]
    expect(list(answer.each(walk, [*box, "Emma"])), ["Dune", "Emma"], "Dune is in 300 boxes, one in the other; Emma "
           "stands beside them. list(each(...))", hint=1)

    def through_c(first: str, second: str, visit: Visit) -> None:
        def key(number: int) -> int:
            visit(f"{first} {number}")
            list(map(visit, [second]))
            return -number
        sorted([1, 2], key=key)

    expect(list(answer.each(through_c, "Emma", "Dune")), ["Emma 1", "Dune", "Emma 2", "Dune"],
           "A walk calls `visit` in the key of `sorted`, and by `map`. list(each(walk, \"Emma\", \"Dune\"))", hint=1)


@check("the walk goes as far as it is asked, in the thread that asks", needs=gives_the_books)
def goes_as_far_as_asked(answer: Answer) -> None:
    """Nothing runs before the first `next`; and a walk without an end."""
    shelf = Shelf("Emma", "Dune", "Walden")
    books = answer.each(shelf.walk)
    expect(shelf.said, [], "each(walk) was called, and `next` was not. What the walk has done", hint=1)
    for number, title in enumerate(shelf.books, 1):
        expect(ask(books, "A walk over three books"), title, f"A walk over three books; next(books), call {number}",
               hint=1)
        expect(shelf.said, ["begins", *shelf.books[:number]], f"Of three books {number} was asked for, one by one. "
               "What the walk has done", hint=1)
    ask(books, "A walk over three books", 2)
    expect(shelf.said[-1], "ends", "The last of three books was asked for, and then one more. The last that the walk "
           "has done", hint=1)
    threads: set[int] = set()
    visited: list[int] = []

    def endless(visit: Visit) -> None:
        number = 1
        while True:
            threads.add(threading.get_ident())
            require(number < ENOUGH, f"A walk without an end was asked for ten books, and has visited {ENOUGH}.",
                    hint=1)
            visited.append(number)
            visit(number)
            number += 1

    books = answer.each(endless)
    expect([ask(books, "A walk without an end") for _ in range(10)], list(range(1, 11)),
           "A walk without an end; next(books), ten times", hint=1)
    expect(len(visited), 10, "A walk without an end was asked for ten books. So many it has visited", hint=1)
    require(threads == {threading.get_ident()}, "`next` was called in one thread, and the walk ran in another: a "
                                                "greenlet stays in the thread of who asks.", hint=1)


@check("any value can come, and for the walk `visit` returns None", needs=goes_as_far_as_asked)
def takes_any_value(answer: Answer) -> None:
    """Values that look like nothing, like an end or like an error."""
    for value in (None, (), 0, "", [], False, ("Emma", None), StopIteration, LookupError("Dune")):
        shelf = Shelf("Emma", value, value, "Walden")
        books = answer.each(shelf.walk)
        got = [ask(books, f"A walk visits {value!r}", 2) for _ in range(5)]
        expect(got, ["Emma", value, value, "Walden", "StopIteration"],
               f"A walk visits 'Emma', {value!r} twice, and 'Walden'. Five times next(books)", hint=2)
        expect(shelf.got, [None] * 4, f"A walk visits 'Emma', {value!r} twice, and 'Walden'. What its `visit` returned",
               hint=2)


@check("when the walk has returned, there is no more", needs=takes_any_value)
def stays_at_the_end(answer: Answer) -> None:
    """With no book at all, with one, and a walk that returns something."""
    for books_there, returned in (((), None), (("Emma",), "the end"), ((), "the end"), (("Emma",), ())):
        shelf = Shelf(*books_there, returns=returned)
        books = answer.each(shelf.walk)
        story = f"A walk over {len(books_there)} books, which returns {returned!r}"
        expect([ask(books, story, 2) for _ in books_there], list(books_there), f"{story}; what comes first", hint=2)
        expect_end(books, story, 2)
        expect(shelf.said.count("begins"), 1, f"{story}; how often it was begun", hint=2)


@check("an exception of the walk comes out of `next`, and then there is no more", needs=stays_at_the_end)
def passes_errors(answer: Answer) -> None:
    """At the very beginning, and behind the second book; of a kind that nobody expects, too."""
    for titles in ((), ("Emma", "Dune")):
        for error in (LookupError("a board is loose"), KeyboardInterrupt()):
            shelf = Shelf(*titles, error=error)
            books = answer.each(shelf.walk)
            story = f"A walk raises {type(error).__name__} behind {len(titles)} books"
            expect([ask(books, story, 2) for _ in titles], list(titles), f"{story}. What comes before", hint=2)
            caught: BaseException | None = None
            try:
                got = f"{next(books)!r} is returned"
            except StopIteration:
                got = "StopIteration is raised"
            except BaseException as other:
                caught, got = other, f"{type(other).__name__} is raised"
            require(caught is error, f"{story}. The `next` that gets there: {got}, not that exception.", hint=2)
            expect_end(books, f"{story}, and has raised it", 2)


@check("several are in use at once, also in several greenlets", needs=passes_errors)
def works_side_by_side(answer: Answer) -> None:
    """Two in step; one within the other; made and asked in different greenlets."""
    one, two = answer.each(walk, ["Emma", ["Dune"]]), answer.each(walk, [["Walden"], "Ulysses"])
    expect(list(zip(one, two, strict=False)), [("Emma", "Walden"), ("Dune", "Ulysses")],
           "Two shelves with two books each. list(zip(each(...), each(...)))", hint=2)

    def twice(place: list[Any], visit: Visit) -> None:
        for book in answer.each(walk, place):
            visit(book)
            visit(f"{book}, again")

    expect(list(answer.each(twice, ["Emma", ["Dune"]])), ["Emma", "Emma, again", "Dune", "Dune, again"],
           "A walk goes over another one by `each`, and visits each book twice", hint=2)

    story = "An iterator is made in one greenlet, asked in a second, in the main program, and in a third"
    for error in (None, LookupError("a board is loose")):
        shelf = Shelf("Emma", "Dune", "Walden", error=error)
        books = greenlet(lambda shelf=shelf: answer.each(shelf.walk)).switch()
        got = [in_a_greenlet(books, story), ask(books, story, 2), in_a_greenlet(books, story)]
        expect(got, [("Emma", "here"), "Dune", ("Walden", "here")], f"{story}. What they are given", hint=2)
        if error is None:
            expect(in_a_greenlet(books, story), ("StopIteration", "here"), f"{story}. At the end, in a fourth", hint=2)
            continue
        caught: list[BaseException] = []
        greenlet(lambda books=books, caught=caught: caught.append(_error(books))).switch()
        require(bool(caught) and caught[0] is error, f"{story}. The walk then raises LookupError in a fourth; it does "
                                                     "not arrive there.", hint=2)


def in_a_greenlet(books: Iterator[Any], story: str) -> Any:
    """Ask in a new greenlet, which hands the book on, and says that it was there when it came."""
    place: list[greenlet] = []

    def reads() -> tuple[Any, str]:
        place.append(getcurrent())
        got = ask(books, story, 2)
        return got, "here" if getcurrent() is place[0] else "elsewhere"

    return greenlet(reads).switch()


def _error(books: Iterator[Any]) -> BaseException:
    try:
        next(books)
    except Exception as error:
        return error
    return RuntimeError("nothing was raised")


def close(books: Any, tried: str) -> None:
    """Close an iterator; nothing may come out."""
    require(hasattr(books, "close"), f"The iterator, of type {type(books).__name__}, has no method `close`.", hint=3)
    try:
        books.close()
    except BaseException as error:
        require(False, f"{tried}: close() raises {type(error).__name__}: {error}", hint=3)


@check("`close` ends the walk where it stands", needs=works_side_by_side)
def closes(answer: Answer) -> None:
    """In the middle, with an `except` in the walk, in another greenlet; before it has begun, and after the end."""
    shelf = Shelf("Emma", "Dune", "Walden")
    books = answer.each(shelf.walk)
    ask(books, "A walk over three books", 3)
    story = "A walk over three books is closed after the first one"
    close(books, story)
    expect(shelf.said, ["begins", "Emma", "ends"], f"{story}. What it has done, with its `finally`", hint=3)
    expect_end(books, story, 3)
    close(books, f"{story}, and closed again")
    expect(shelf.said, ["begins", "Emma", "ends"], f"{story}, then asked, and closed again. What it has done", hint=3)
    said: list[str] = []

    def stubborn(visit: Visit) -> None:
        for book in ("Emma", "Dune", "Walden"):
            try:
                visit(book)
            except Exception as error:
                said.append(f"{type(error).__name__} at {book}")
            finally:
                said.append(f"{book} is put back")

    for words in ("closed", "closed in another greenlet"):
        said.clear()
        books = answer.each(stubborn)
        ask(books, "A walk with `except Exception`", 3)
        story = f"A walk with `except Exception` in it is {words} after the first of three books"
        if words == "closed":
            close(books, story)
        else:
            there = greenlet(lambda books=books, story=story: (close(books, story), "closed it")[1]).switch()
            require(there == "closed it", f"{story}. close() did not come back to the greenlet that called it: the end "
                    "of a walk leads to the walk's parent, and that was another one", hint=3)
        expect(said, ["Emma is put back"], f"{story}. What it has done", hint=3)
        expect_end(books, story, 3)
    for asked in (0, 3):
        shelf = Shelf("Emma", "Dune")
        books = answer.each(shelf.walk)
        for _ in range(asked):
            ask(books, "A walk over two books", 3)
        story = "A walk over two books is closed " + ("when it is over" if asked else "before the first `next`")
        close(books, story)
        expect(shelf.said, ["begins", "Emma", "Dune", "ends"] if asked else [], f"{story}. What it has done", hint=3)
        expect_end(books, story, 3)


@check("an iterator that nobody refers to any more closes itself", needs=closes)
def closes_itself(answer: Answer) -> None:
    """The reader stops after one book; or never begins."""
    shelf = Shelf("Emma", "Dune", "Walden")
    for _ in answer.each(shelf.walk):
        break
    gc.collect()
    expect(shelf.said, ["begins", "Emma", "ends"], "`for book in each(walk): break`, and nobody refers to the iterator "
           "any more. What the walk has done", hint=3)
    shelf = Shelf("Emma")
    answer.each(shelf.walk)
    gc.collect()
    expect(shelf.said, [], "each(walk), and nobody keeps what it returns. What the walk has done", hint=3)
