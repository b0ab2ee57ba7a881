"""A scanner and a shelf that the check holds back and lets go: no clock decides who is faster."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from course.check import Answer, check, expect, require

PATIENCE = 2.0  # seconds until a thread counts as stuck; nobody who is right waits that long
STILL = 24  # moments without a scan, a shelved book or the end of a thread after which a call stands still
CALM = 0.3  # seconds in which a scanner that nothing holds back would go on


class Shelf:
    """Stands for `shelve`: each call waits until it is let go, and is noted."""

    def __init__(self, free: int = 1000, fails_at: int = 0, error: type[BaseException] = LookupError) -> None:
        self.begun: list[Any] = []
        self.shelved: list[Any] = []
        self.threads: set[threading.Thread] = set()
        self._free = threading.Semaphore(free)
        self._fails_at, self._error = fails_at, error

    def shelve(self, scan: Any) -> None:
        """Shelve one book."""
        self.begun.append(scan)
        self.threads.add(threading.current_thread())
        number = len(self.begun)
        self._free.acquire()
        if number == self._fails_at:
            raise self._error(f"no shelf for {scan}")
        self.shelved.append(scan)

    def let_go(self, number: int = 1000) -> None:
        """Let so many more calls end."""
        self._free.release(number)


class Scanner:
    """Stands for `scans`: notes how many it has been asked for, and in which thread; may fail at one, or be held."""

    def __init__(self, scans: list[Any], fails_at: int = 0, held_at: int = 0,
                 error: type[BaseException] = OSError) -> None:
        self.asked = 0
        self.threads: set[threading.Thread] = set()
        self.go_on = threading.Event()
        self._scans, self._fails_at, self._held_at, self._error = scans, fails_at, held_at, error

    def __iter__(self) -> Iterator[Any]:
        for scan in self._scans:
            self.asked += 1
            self.threads.add(threading.current_thread())
            if self.asked == self._held_at:
                self.go_on.wait(5 * PATIENCE)
            if self.asked == self._fails_at:
                raise self._error("the scanner is unplugged")
            yield scan


class Desk:
    """Calls `shelve_returns` in a thread, so that the check is not stuck where the answer is."""

    def __init__(self, answer: Answer, scanner: Scanner, shelf: Shelf, room: int) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.before = set(threading.enumerate())
        self._call = answer.shelve_returns
        self._scanner, self._shelf = scanner, shelf
        self.thread = threading.Thread(target=self._run, args=[iter(scanner), shelf.shelve, room], daemon=True)
        self.thread.start()

    def _run(self, *arguments: Any) -> None:
        try:
            self.result = self._call(*arguments)
        except BaseException as error:
            self.error = error

    def ended(self) -> bool:
        """Wait until the call has ended, for as long as something happens; tell whether it has."""
        seen, still = None, 0
        while self.thread.is_alive() and still < STILL:
            now = self._scanner.asked, len(self._shelf.shelved), threading.active_count()
            seen, still = now, still + 1 if now == seen else 0
            moment(self.thread)
        return not self.thread.is_alive()

    def left(self) -> list[str]:
        """Return the threads that the call has left running, and that do not end at once."""
        others = [one for one in threading.enumerate() if one not in self.before and one is not self.thread]
        for one in others:
            one.join(0.2)
        return [one.name for one in others if one.is_alive()]


def moment(thread: threading.Thread) -> None:
    """Wait for the end of a thread, not for long: on a busy machine as much longer as all threads take."""
    one = threading.Thread(target=thread.join, args=[0.05])
    one.start()
    one.join()


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until `holds()`; tell whether it does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def returned(desk: Desk, shelf: Shelf, story: str) -> Any:
    """Return what the call returns, which has to end and to leave no thread."""
    ended = desk.ended()
    require(ended, f"{story}: {len(shelf.shelved)} are shelved, and shelve_returns does not end.", hint=1)
    error = desk.error
    require(error is None, f"{story}: {type(error).__name__} is raised: {error}")
    expect(desk.left(), [], f"{story}: the threads that still run when shelve_returns has returned", hint=2)
    return desk.result


def raised(desk: Desk, story: str) -> str:
    """Return what the call raises, as text; it has to end and to leave no thread."""
    ended = desk.ended()
    require(ended, f"{story}: shelve_returns does not end. Somebody waits for somebody who is gone.", hint=3)
    expect(desk.left(), [], f"{story}: the threads that still run when shelve_returns has ended", hint=2)
    error = desk.error
    return f"returns {desk.result!r}" if error is None else f"raises {type(error).__name__}: {error}"


@check("every scan is shelved once, in order, and counted", timeout=20)
def shelves_in_order(answer: Answer) -> None:
    """Many scans and little room, few scans and much room, none at all."""
    for count, room in ((40, 1), (40, 3), (3, 10), (1, 1), (0, 2)):
        scans, shelf = [f"book {number}" for number in range(count)], Shelf()
        story = f"{count} scans, room for {room}"
        got = returned(Desk(answer, Scanner(scans), shelf, room), shelf, story)
        expect(shelf.shelved, scans, f"{story}: what is shelved, in this order", hint=1)
        expect(got, count, f"{story}: what shelve_returns returns", hint=3)


@check("whatever the scanner gives is shelved", needs=shelves_in_order, timeout=15)
def shelves_anything(answer: Answer) -> None:
    """None, an empty string, zero and equal scans are books like others; so is what equals everything."""
    class Same:
        """Is equal to all there is."""

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

        def __repr__(self) -> str:
            return "<equal to everything>"

    for scans in (["Dune", None, "Emma"], ["", 0, False, "Emma"], ["Dune", "Dune", "Dune"], [Same(), "Emma"]):
        shelf = Shelf()
        got = returned(Desk(answer, Scanner(scans), shelf, 2), shelf, f"The scans are {scans}")
        expect((got, len(shelf.shelved)), (len(scans), len(scans)),
               f"The scans are {scans}, and {shelf.shelved} is shelved; what shelve_returns returns, and the number of "
               "books that are shelved", hint=2)


@check("one clerk shelves in a thread of their own, and the caller scans", needs=shelves_in_order,
       timeout=15)
def works_in_two_threads(answer: Answer) -> None:
    """The clerk stands at the first book; the scanner must go on meanwhile. Then the scanner stands still."""
    shelf, scanner = Shelf(free=0), Scanner(["Dune", "Emma", "Ulysses"])
    desk = Desk(answer, scanner, shelf, 2)
    ahead = until(lambda: scanner.asked == 3)
    shelf.let_go()
    require(ahead, "There is room for 2. The clerk is busy with the first book, and the scanner is not asked for the "
                   f"third one (asked: {scanner.asked}): it does not work ahead.", hint=1)
    returned(desk, shelf, "3 scans, room for 2")
    require(desk.thread not in shelf.threads, "`shelve` is called in the thread that calls shelve_returns.", hint=1)
    require(scanner.threads == {desk.thread}, "The scans are asked for in another thread than the one that calls "
                                              "shelve_returns.", hint=1)
    expect(len(shelf.threads), 1, "3 scans: the number of threads that have shelved", hint=1)
    shelf, scanner = Shelf(), Scanner(["Dune", "Emma"], held_at=2)
    desk = Desk(answer, scanner, shelf, 5)
    early = until(lambda: shelf.shelved == ["Dune"])
    scanner.go_on.set()
    require(early, "The scanner has given Dune, and thinks about the second scan: Dune is not shelved meanwhile.",
            hint=1)
    returned(desk, shelf, "2 scans, room for 5")


@check("a full cart holds the scanner back", needs=works_in_two_threads, timeout=15)
def waits_for_room(answer: Answer) -> None:
    """The clerk stands at one book after the other; the scanner goes as far ahead as there is room, and no further."""
    for room in (1, 3):
        shelf, scanner = Shelf(free=0), Scanner([f"book {number}" for number in range(30)])
        desk = Desk(answer, scanner, shelf, room)
        seen = []
        for done in range(2):
            until(lambda shelf=shelf, done=done: len(shelf.begun) > done)
            right = done + 1 + room + 1  # shelved, in the clerk's hand, on the cart, and in the scanner's hand
            until(lambda scanner=scanner, right=right: scanner.asked >= right)
            until(lambda scanner=scanner, right=right: scanner.asked > right, CALM)
            seen.append((done, right, scanner.asked))
            if scanner.asked < right:
                break
            shelf.let_go(1)
        shelf.let_go()
        returned(desk, shelf, f"30 scans, room for {room}")
        for done, right, asked in seen:
            story = f"Room for {room}; the clerk has shelved {done} and is busy with the next one"
            require(asked >= right, f"{story}. The scanner is asked for {asked} scans only, and {right} have a place: "
                                    f"{done} on the shelf, one in the clerk's hand, {room} on the cart, one in the "
                                    "scanner's hand.", hint=1)
            require(asked <= right, f"{story}. The scanner has been asked for {asked} scans; there is room on the "
                                    f"cart for {room}, so it should stop at {right}.", hint=1)


@check("when shelving fails, all stop, and the exception comes out", needs=waits_for_room, points=2, timeout=15)
def stops_when_shelving_fails(answer: Answer) -> None:
    """The scanner waits at a full cart when it happens; or it has given its last scan."""
    shelf, scanner = Shelf(free=1, fails_at=2), Scanner([f"book {number}" for number in range(30)])
    story = "30 scans, room for 2; the scanner waits at the full cart, and shelving the second book raises LookupError"
    desk = Desk(answer, scanner, shelf, 2)
    until(lambda: len(shelf.begun) == 2 and scanner.asked >= 5)
    at = scanner.asked
    shelf.let_go()
    expect(raised(desk, story), "raises LookupError: no shelf for book 1", f"{story}: shelve_returns", hint=3)
    expect(shelf.begun, ["book 0", "book 1"], f"{story}: what `shelve` is called with", hint=3)
    require(scanner.asked <= at + 1, f"{story}: after that the scanner is asked for {scanner.asked - at} scans more.",
            hint=3)
    for error in (LookupError, SystemExit):
        shelf, name = Shelf(fails_at=3, error=error), error.__name__
        story = f"3 scans, room for 5, and shelving the last one raises {name}"
        desk = Desk(answer, Scanner(["Dune", "Emma", "Ulysses"]), shelf, 5)
        expect(raised(desk, story), f"raises {name}: no shelf for Ulysses", f"{story}: shelve_returns", hint=3)


@check("when scanning fails, the cart is emptied, and the exception comes out", needs=waits_for_room, timeout=15)
def empties_the_cart(answer: Answer) -> None:
    """Two books are on the cart when the scanner fails; then it fails at the very first scan, once by Ctrl-C."""
    shelf, scanner = Shelf(free=0), Scanner(["Dune", "Emma", "Ulysses", "Walden"], fails_at=4)
    story = "The scanner gives three books and raises OSError at the fourth; the clerk is busy with the first"
    desk = Desk(answer, scanner, shelf, 5)
    until(lambda: scanner.asked == 4)
    until(lambda: not desk.thread.is_alive(), CALM)
    shelf.let_go()
    expect(raised(desk, story), "raises OSError: the scanner is unplugged", f"{story}: shelve_returns", hint=2)
    expect(shelf.shelved, ["Dune", "Emma", "Ulysses"], f"{story}: what is shelved in the end", hint=2)
    for error in (OSError, KeyboardInterrupt):
        name = error.__name__
        story = f"The scanner raises {name} at the first scan"
        desk = Desk(answer, Scanner(["Dune"], fails_at=1, error=error), Shelf(), 1)
        expect(raised(desk, story), f"raises {name}: the scanner is unplugged", f"{story}: shelve_returns", hint=2)
