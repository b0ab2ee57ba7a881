"""Guests come, speak and go at times that the check makes up; then guests and times count what is done with them."""

import gc
import random
import types
from collections.abc import Iterable
from typing import Any

from course.check import Answer, Failure, check, expect, require

MANY = 20_000  # guests
WORK = 200  # comparisons, hashes and sums that a call may need, on average
ENTRIES = 2_000  # objects that may be held for ten guests


class Idle:
    """An object of the answer, and what was done with it, in words."""

    def __init__(self, answer: Answer, limit: float) -> None:
        self.idle, self.story = answer.IdleGuests(limit), f"IdleGuests({limit!r})"

    def touch(self, guest: Any, now: float) -> "Idle":
        """Touch a guest."""
        self.call("touch", guest, now)
        return self

    def forget(self, guest: Any) -> "Idle":
        """Forget a guest."""
        self.call("forget", guest)
        return self

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a method; say what was done before when it raises."""
        said = f"{name}({', '.join(map(repr, arguments))})"
        try:
            got = getattr(self.idle, name)(*arguments)
        except Exception as error:
            raise Failure(f"{self.said()}: {said} raises {type(error).__name__}: {error}", hint=2) from error
        if name in ("touch", "forget", "expired"):
            self.story += f", {said}"
        return got

    def said(self) -> str:
        """Return the story, its middle left out when it is long."""
        parts = self.story.split(", ")
        return self.story if len(self.story) < 300 else f"{parts[0]}, ..., {', '.join(parts[-8:])}"

    def expired(self, now: float, want: list[Any]) -> "Idle":
        """Require who is told."""
        said = self.said()
        got = self.call("expired", now)
        require(isinstance(got, list), f"{said}: expired({now!r}) gives {got!r}, not a list", hint=1)
        expect(got, want, f"{said}: expired({now!r})", hint=2)
        return self

    def waits(self, now: float, want: float | None) -> "Idle":
        """Require a time to sleep."""
        said = f"{self.said()}: wait({now!r})"
        got = self.call("wait", now)
        if want is None or got is None:
            expect(got, want, said, hint=3)
        require(type(got) in (int, float) or got is None, f"{said} is {got!r}, not a number", hint=3)
        expect(got if got is None else float(got), want, said, hint=3)
        return self


@check("who has been silent for the limit or longer is told, once, the longest silent first")
def tells_the_silent(answer: Answer) -> None:
    """Before, at and after the limit; several; guests that are false; the clock begins at zero, or anywhere."""
    for start in (0.0, 5_000_000.0):
        for late in (10.0, 10.5, 4000.0):
            one = Idle(answer, 10.0).touch("Mill", start)
            one.expired(start, []).expired(start + 9.75, []).expired(start + late, ["Mill"])
            one.expired(start + late, []).expired(start + 9000.0, [])
    two = Idle(answer, 30.0).touch("Mill", 0.0).touch("Castle", 1.0).touch("Harbour", 2.0)
    two.expired(31.0, ["Mill", "Castle"]).expired(31.5, []).expired(32.0, ["Harbour"])
    Idle(answer, 30.0).touch(3, 1.0).touch(0, 2.0).touch("", 4.0).expired(40.0, [3, 0, ""])
    same = [types.SimpleNamespace(), object(), "Mill", 4, types.SimpleNamespace]
    guests = [object() for _ in range(3)] + same[2:]
    three = Idle(answer, 5.0)
    for guest in reversed(guests):
        three.touch(guest, 7.0)
    three.expired(12.0, guests[::-1])
    first, second = Idle(answer, 5.0).touch("Mill", 0.0), Idle(answer, 50.0).touch("Castle", 0.0)
    second.expired(20.0, [])
    first.expired(20.0, ["Mill"])
    Idle(answer, 5.0).expired(100.0, [])


@check("a word makes the silence begin anew", needs=tells_the_silent)
def begins_anew(answer: Answer) -> None:
    """One who speaks again and again; the order of the last words; one who comes back."""
    one = Idle(answer, 10.0).touch("Mill", 0.0).touch("Mill", 8.0)
    one.expired(17.75, []).expired(18.0, ["Mill"]).expired(28.0, [])
    two = Idle(answer, 10.0).touch("Mill", 0.0).touch("Castle", 1.0).touch("Harbour", 2.0).touch("Mill", 3.0)
    two.expired(12.0, ["Castle", "Harbour"]).expired(13.0, ["Mill"])
    three = Idle(answer, 10.0).touch("Mill", 0.0).touch("Castle", 0.0).touch("Mill", 0.0)
    three.expired(10.0, ["Castle", "Mill"])
    four = Idle(answer, 10.0).touch("Mill", 0.0).expired(10.0, ["Mill"]).touch("Mill", 11.0)
    four.expired(20.75, []).expired(21.0, ["Mill"])


@check("who has gone is forgotten", needs=begins_anew)
def forgets(answer: Answer) -> None:
    """The first, the last, one who was never there, one who was told, one who comes again."""
    one = Idle(answer, 10.0).touch("Mill", 0.0).touch("Castle", 1.0).touch("Harbour", 2.0)
    one.forget("Mill").forget("Harbour").expired(100.0, ["Castle"])
    Idle(answer, 10.0).forget("Mill").touch("Mill", 0.0).forget("Mill").forget("Mill").expired(50.0, [])
    Idle(answer, 10.0).touch("Mill", 0.0).expired(10.0, ["Mill"]).forget("Mill").expired(50.0, [])
    again = Idle(answer, 10.0).touch("Mill", 0.0).touch("Castle", 1.0).forget("Mill").touch("Mill", 2.0)
    again.expired(11.0, ["Castle"]).expired(12.0, ["Mill"])


@check("the loop may sleep until the next one is due, and no longer", needs=forgets, points=2)
def tells_how_long(answer: Answer) -> None:
    """Nobody; one; several; after a word, a goodbye; overdue. Then many steps at random, beside a list."""
    Idle(answer, 10.0).waits(5.0, None)
    one = Idle(answer, 10.0).touch("Mill", 0.0).waits(0.0, 10.0).waits(2.5, 7.5).waits(10.0, 0.0).waits(25.0, 0.0)
    one.expired(25.0, ["Mill"]).waits(25.0, None)
    two = Idle(answer, 10.0).touch("Mill", 0.0).touch("Castle", 4.0).waits(4.0, 6.0).touch("Mill", 9.0).waits(9.0, 5.0)
    two.forget("Castle").waits(9.0, 10.0).forget("Mill").waits(9.0, None)
    Idle(answer, 0.5).touch(0, 0.0).touch("", 0.25).waits(0.25, 0.25).expired(0.5, [0]).waits(0.5, 0.25)
    for seed in range(20):
        at_random(answer, random.Random(seed))


def at_random(answer: Answer, dice: random.Random) -> None:
    """Do a hundred things at random."""
    idle, now, last = Idle(answer, 8.0), dice.choice([0.0, 1000.0]), list[tuple[str, float]]()
    for _ in range(100):
        now += dice.choice([0.0, 0.0, 0.25, 1.0, 3.0])
        guest, deed = dice.choice("ABCDEF"), dice.random()
        if deed < 0.5:
            idle.touch(guest, now)
            last = [pair for pair in last if pair[0] != guest] + [(guest, now)]
        elif deed < 0.65:
            idle.forget(guest)
            last = [pair for pair in last if pair[0] != guest]
        elif deed < 0.8:
            idle.expired(now, [name for name, when in last if when + 8.0 <= now])
            last = [pair for pair in last if pair[1] + 8.0 > now]
        idle.waits(now, max(0.0, last[0][1] + 8.0 - now) if last else None)


class Work:
    """How much has been done, and how many calls there were."""

    def __init__(self) -> None:
        self.done = self.calls = 0

    def begin(self) -> None:
        """Count from zero."""
        self.done = self.calls = 0

    def called(self, story: str, count: int = 1) -> None:
        """Note calls, and fail when there was too much to do."""
        self.calls += count
        most = WORK * self.calls + 1_000
        require(self.done <= most, f"{story}: guests and times were compared, hashed and computed with {self.done:,} "
                f"times in {self.calls:,} calls; somebody looks at guests who need no look", hint=1)


work = Work()


class Guest:
    """A guest that counts who asks it."""

    def __hash__(self) -> int:
        work.done += 1
        return object.__hash__(self)

    def __eq__(self, other: object) -> bool:
        work.done += 1
        return self is other


class Seconds(float):
    """A time that counts what is done with it."""


def counting(name: str) -> Any:
    """Return a method of float that counts."""
    plain = getattr(float, name)

    def method(self: Seconds, *others: Any) -> Any:
        work.done += 1
        got = plain(self, *others)
        return Seconds(got) if isinstance(got, float) else got
    return method


for _name in ("lt", "le", "gt", "ge", "eq", "ne", "add", "radd", "sub", "rsub", "neg", "float"):
    if hasattr(float, f"__{_name}__"):
        setattr(Seconds, f"__{_name}__", counting(f"__{_name}__"))
Seconds.__float__ = lambda self: float.__add__(self, 0.0)  # type: ignore[method-assign]
Seconds.__hash__ = float.__hash__  # type: ignore[method-assign]


@check("many guests cost no more than few", needs=tells_how_long, points=2, timeout=60)
def needs_little_work(answer: Answer) -> None:
    """20,000 guests come; one speaks again and again, then all do in turn; some go; all the others are due at once."""
    idle, guests, step = answer.IdleGuests(Seconds(100_000.0)), [Guest() for _ in range(MANY)], 1 / 64
    now = 0.0
    work.begin()
    for number, guest in enumerate(guests, 1):
        now += step
        idle.touch(guest, Seconds(now))
        work.called(f"{number:,} guests come")
    turns(idle, [guests[0]] * 1_000, now, f"{MANY:,} guests are there, and one of them speaks 1,000 times, and each "
          "time expired and wait are asked")
    turns(idle, guests[5_000:10_000], now + 100.0, f"{MANY:,} guests are there, and 5,000 of them speak, one after the "
          "other, and each time expired and wait are asked")
    work.begin()
    for guest in guests[1:2_001]:
        idle.forget(guest)
        work.called(f"{MANY:,} guests are there, and some go")
    work.begin()
    got = idle.expired(Seconds(now + 200_000.0))
    work.called(f"{MANY - 2_000:,} guests are due at once", MANY)
    expect(len(got), MANY - 2_000, f"{MANY:,} guests came, 2,000 have gone, and all others are due; how many expired "
           "gives", hint=2)


def turns(idle: Any, guests: Iterable[Guest], now: float, story: str) -> None:
    """Let guests speak, and ask the two questions after each."""
    work.begin()
    for guest in guests:
        now += 1 / 64
        idle.touch(guest, Seconds(now))
        got = idle.expired(Seconds(now)), idle.wait(Seconds(now))
        work.called(story, 3)
        require(len(got[0]) == 0 and 90_000 < got[1] < 100_001, f"{story}, of whom none is due for hours: expired and "
                f"wait give {got!r:.100}", hint=2)


@check("what is held grows with the guests who are there, and with nothing else", needs=tells_how_long, timeout=60)
def holds_no_more(answer: Answer) -> None:
    """Nine of ten guests speak 20,000 times; 20,000 come and go; 20,000 come and are told."""
    speaking = answer.IdleGuests(1_000_000.0)
    speaking.touch("silent", 0.0)
    for number in range(MANY):
        speaking.touch(number % 9, number / 64)
        if number % 10 == 0:
            speaking.expired(number / 64), speaking.wait(number / 64)
    small(speaking, f"Ten guests are there; one is silent, and the others have spoken {MANY:,} times, within the limit")
    going = answer.IdleGuests(1_000_000.0)
    for number in range(MANY):
        going.touch(number, number / 64)
        going.touch(number, number / 64)
        if number >= 10:
            going.forget(number - 10)
    small(going, f"{MANY:,} guests have come, and all but the last ten have gone, within the limit")
    told = answer.IdleGuests(10.0)
    for number in range(MANY):
        told.touch(number, number * 1.0)
        told.expired(number * 1.0)
    small(told, f"{MANY:,} guests have come, and expired has told all but the last ten")


def small(idle: Any, story: str) -> None:
    """Require that little hangs on an object."""
    seen, todo, count = {id(idle)}, [idle], 0
    while todo:
        thing = todo.pop()
        count += 1 + (len(thing) if isinstance(thing, list | dict | set) or hasattr(thing, "popleft") else 0)
        for other in gc.get_referents(thing):
            if id(other) not in seen and not isinstance(other, type | types.ModuleType | types.FunctionType):
                seen.add(id(other))
                todo.append(other)
    require(count <= ENTRIES, f"{story}: {count:,} objects and entries hang on the IdleGuests, for ten guests", hint=1)
