"""Greenlets take turns in an order that is the same on each machine; the checks write down who does what."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from course.check import Answer, Failure, check, expect, require

MANY = 300  # turns after which a greenlet that waits has taken far too many


class Scene:
    """Turns that are counted, a lock, and what happens."""

    def __init__(self, answer: Answer, story: str) -> None:
        scene = self
        self.story, self.events, self.paused = story, list[str](), Counter[str]()
        self.names: dict[greenlet, str] = {}

        class Counted(answer.Turns):  # type: ignore[name-defined, misc]
            def pause(self) -> None:
                name = scene.names.get(getcurrent(), "somebody")
                scene.paused[name] += 1
                if scene.paused[name] > MANY:
                    raise Failure(f"{scene.story}: {name} has gone to the end of the queue {MANY} times, and still "
                                  "does not go on. Who waits parks.", hint=1)
                super().pause()

        self.turns = Counted()

    def spawn(self, name: str, function: Callable[..., object], *args: object) -> greenlet:
        """Queue a greenlet with a name."""
        one = self.turns.spawn(function, *args)
        self.names[one] = name
        return one

    def reader(self, name: str, lock: Any, pauses: int = 2) -> greenlet:
        """Queue one who goes in, pauses, and goes."""
        def go() -> None:
            with lock:
                self.events.append(f"{name} in")
                for _ in range(pauses):
                    self.turns.pause()
                self.events.append(f"{name} out")
        return self.spawn(name, go)

    def run(self) -> None:
        """Let all go on until nobody is ready."""
        try:
            self.turns.run()
        except Failure:
            raise
        except Exception as error:
            raise Failure(f"{self.story}: {type(error).__name__} comes out of the turns: {error}", hint=2) from error

    def ended(self, hint: int) -> None:
        """Require that all have come to their end."""
        left = [name for one, name in self.names.items() if not one.dead]
        require(not left, f"{self.story}: nobody is ready any more, and of these nobody has come to an end: "
                f"{', '.join(left)}. What happened: {self.events}", hint=hint)


def passes(*names: str) -> list[str]:
    """Return what happens when they go through one after the other."""
    return [f"{name} {what}" for name in names for what in ("in", "out")]


@check("one holds it at a time, in the order in which they came")
def one_at_a_time(answer: Answer) -> None:
    """Alone; three at once; one who comes when the lock has been free again."""
    for names in (("Ada",), ("Ada", "Grace"), ("Ada", "Grace", "Alan", "Edsger")):
        scene = Scene(answer, f"{', '.join(names)} come one after the other, and pause twice in the block")
        lock = answer.Lock(scene.turns)
        for name in names:
            scene.reader(name, lock)
        scene.run()
        scene.ended(1)
        expect(scene.events, passes(*names), scene.story, hint=1)
        scene.reader("Barbara", lock)
        scene.run()
        expect(scene.events[-2:], passes("Barbara"), f"{scene.story}. When all have gone, Barbara comes", hint=1)
    scene = Scene(answer, "Two locks, held by two greenlets at the same time")
    first, second = answer.Lock(scene.turns), answer.Lock(scene.turns)
    scene.reader("Ada", first)
    scene.reader("Grace", second)
    scene.run()
    expect(scene.events, ["Ada in", "Grace in", "Ada out", "Grace out"], scene.story, hint=1)


@check("who waits takes no turns", needs=one_at_a_time)
def waits_without_turns(answer: Answer) -> None:
    """The holder pauses ten times; then a holder who never comes back."""
    scene = Scene(answer, "Ada holds the lock and pauses ten times, Grace and Alan wait")
    lock = answer.Lock(scene.turns)
    for name, pauses in (("Ada", 10), ("Grace", 0), ("Alan", 0)):
        scene.reader(name, lock, pauses)
    scene.run()
    expect(dict(scene.paused), {"Ada": 10}, f"{scene.story}; who has paused, and how often", hint=1)
    scene = Scene(answer, "Ada parks with the lock in her hand, and Grace comes")
    lock = answer.Lock(scene.turns)

    def keeps() -> None:
        with lock:
            scene.turns.park()
    ada = scene.spawn("Ada", keeps)
    scene.reader("Grace", lock, 0)
    scene.run()
    expect(scene.events, [], f"{scene.story}; what Grace does", hint=1)
    scene.turns.wake(ada)
    scene.run()
    expect(scene.events, passes("Grace"), f"{scene.story}. Then Ada is woken, and goes; what Grace does", hint=2)


@check("it is handed to who waits: nobody gets in between", needs=waits_without_turns, points=2)
def hands_it_over(answer: Answer) -> None:
    """The holder comes back at once; a newcomer has a turn before the one who was woken."""
    scene = Scene(answer, "Ada holds the lock, Grace waits; Ada goes, and comes back at once, in the same turn")
    lock = answer.Lock(scene.turns)

    def twice() -> None:
        for time in ("first", "second"):
            with lock:
                scene.events.append(f"Ada in, {time} time")
                scene.turns.pause()
    scene.spawn("Ada", twice)
    scene.reader("Grace", lock, 1)
    scene.run()
    scene.ended(2)
    expect(scene.events, ["Ada in, first time", "Grace in", "Grace out", "Ada in, second time"], scene.story, hint=2)
    scene = Scene(answer, "Ada holds the lock and Grace waits; Alan comes in the turn between Ada's end and Grace's")
    lock = answer.Lock(scene.turns)

    def goes() -> None:
        with lock:
            scene.turns.pause()
            scene.reader("Alan", lock, 1)  # queued before whoever is woken at the end of this block
    scene.spawn("Ada", goes)
    scene.reader("Grace", lock, 1)
    scene.run()
    scene.ended(2)
    expect(scene.events, passes("Grace", "Alan"), scene.story, hint=2)


@check("after an exception it goes on", needs=one_at_a_time)
def goes_on_after_an_error(answer: Answer) -> None:
    """The exception comes out, and the next one comes in."""
    scene = Scene(answer, "Ada raises LookupError in the block, Grace waits")
    lock = answer.Lock(scene.turns)

    def fails() -> None:
        try:
            with lock:
                scene.turns.pause()
                raise LookupError("no such book")
        except LookupError as error:
            scene.events.append(f"Ada: {error}")
        else:
            scene.events.append("Ada: no exception came out of the block")
    scene.spawn("Ada", fails)
    scene.reader("Grace", lock, 0)
    scene.run()
    scene.ended(3)
    expect(scene.events, ["Ada: no such book", *passes("Grace")], scene.story, hint=3)


@check("who holds it and enters again gets a RuntimeError", needs=one_at_a_time)
def refuses_its_holder(answer: Answer) -> None:
    """The lock stays with the holder, and goes to the next at the end."""
    scene = Scene(answer, "Ada holds the lock and enters it again; Grace waits")
    lock = answer.Lock(scene.turns)

    def again() -> None:
        with lock:
            scene.turns.pause()
            try:
                with lock:
                    scene.events.append("Ada is in twice")
            except RuntimeError:
                scene.events.append("RuntimeError")
            scene.turns.pause()
            scene.events.append("Ada out")
    scene.spawn("Ada", again)
    scene.reader("Grace", lock, 0)
    scene.run()
    scene.ended(2)
    expect(scene.events, ["RuntimeError", "Ada out", *passes("Grace")], scene.story, hint=2)


@check("who is thrown out while it waits is forgotten", needs=hands_it_over)
def forgets_who_is_thrown_out(answer: Answer) -> None:
    """The first of two who wait is thrown out; then the only one, and with what `throw()` throws."""
    for others, kind in ((("Alan",), TimeoutError), ((), TimeoutError), ((), GreenletExit)):
        waiting = " and ".join(("Grace", *others))
        scene = Scene(answer, f"Ada holds the lock, {waiting} behind her; {kind.__name__} is thrown into Grace")
        lock = answer.Lock(scene.turns)

        def grace(scene: Scene = scene, lock: Any = lock, kind: type[BaseException] = kind) -> None:
            try:
                with lock:
                    scene.events.append("Grace in")
            except kind:
                scene.events.append("Grace gives up")

        def ada(scene: Scene = scene, lock: Any = lock, kind: type[BaseException] = kind) -> None:
            with lock:
                scene.turns.pause()
                next(one for one, name in scene.names.items() if name == "Grace").throw(kind())
                scene.turns.pause()
                scene.events.append("Ada out")
        one = scene.spawn("Ada", ada)
        scene.spawn("Grace", grace)
        for name in others:
            scene.reader(name, lock, 0)
        scene.run()  # Grace's end leads to the hub, and Ada stands where she threw
        if not one.dead:
            scene.turns.wake(one)
            scene.run()
        scene.reader("Barbara", lock, 0)
        scene.run()
        scene.ended(3)
        expect(scene.events, ["Grace gives up", "Ada out", *passes(*others, "Barbara")], f"{scene.story}. In the end "
               "Barbara comes", hint=3)


@check("who is thrown out when it has been handed over hands it on", needs=forgets_who_is_thrown_out)
def hands_on_what_was_handed_over(answer: Answer) -> None:
    """Ada leaves, and throws into Grace in the same turn; Alan waits, or nobody."""
    for others in (("Alan",), ()):
        waiting = " and ".join(("Grace", *others))
        scene = Scene(answer, f"Ada holds the lock, {waiting} behind her; Ada leaves, and at once TimeoutError is "
                      "thrown into Grace")
        lock = answer.Lock(scene.turns)

        def grace(scene: Scene = scene, lock: Any = lock) -> None:
            try:
                with lock:
                    scene.events.append("Grace in")
            except TimeoutError:
                scene.events.append("Grace gives up")
            except Exception as error:
                scene.events.append(f"Grace gets {type(error).__name__}")

        def ada(scene: Scene = scene, lock: Any = lock) -> None:
            with lock:
                scene.turns.pause()
            next(one for one, name in scene.names.items() if name == "Grace").throw(TimeoutError())
        scene.spawn("Ada", ada)
        scene.spawn("Grace", grace)
        for name in others:
            scene.reader(name, lock, 0)
        scene.run()
        scene.reader("Barbara", lock, 0)
        scene.run()
        left = [name for one, name in scene.names.items() if not one.dead and name != "Ada"]
        require(not left, f"{scene.story}. In the end Barbara comes: of these nobody has come to an end: "
                f"{', '.join(left)}. What happened: {scene.events}", hint=3)
        want = ["Grace gives up", *passes(*others, "Barbara")]
        expect(scene.events, want, f"{scene.story}. In the end Barbara comes", hint=3)

    scene = Scene(answer, "Ada leaves a lock, which goes to Grace, and at once TimeoutError is thrown into Grace; she "
                  "gives up, and asks for a second lock, which Alan holds")
    first, second = answer.Lock(scene.turns), answer.Lock(scene.turns)

    def alan() -> None:
        with second:
            for _ in range(6):
                scene.turns.pause()
            scene.events.append("Alan out")

    def ada_leaves() -> None:
        with first:
            scene.turns.pause()
        next(one for one, name in scene.names.items() if name == "Grace").throw(TimeoutError())

    def grace_asks_twice() -> None:
        with suppress(TimeoutError), first:
            scene.events.append("Grace in the first")
        with second:
            scene.events.append("Grace in the second")
    scene.spawn("Alan", alan)
    scene.spawn("Ada", ada_leaves)
    scene.spawn("Grace", grace_asks_twice)
    scene.run()
    expect(scene.events, ["Alan out", "Grace in the second"], f"{scene.story}. The wake of the first lock comes to her "
           "while she waits for the second", hint=2)


@check("no copy is lent that is not there, and the log is asked first", needs=one_at_a_time, points=2)
def lends_what_is_there(answer: Answer) -> None:
    """One copy and two readers; two copies and three; a log that takes its time."""
    for copies, readers, pauses in ((1, 2, 1), (2, 3, 4), (1, 3, 0), (0, 1, 1)):
        scene = Scene(answer, f"Copies of Emma: {copies}; readers at once: {readers}; the log pauses {pauses} times")
        shelf, lent = {"Emma": copies}, list[bool]()

        def audit(line: str, scene: Scene = scene, shelf: dict[str, int] = shelf, pauses: int = pauses) -> None:
            scene.events.append(f"asked, copies: {shelf['Emma']}")
            for _ in range(pauses):
                scene.turns.pause()
        desk = answer.Desk(scene.turns, shelf, audit)
        for number in range(readers):
            scene.spawn(f"reader {number + 1}", lambda desk=desk, lent=lent: lent.append(desk.lend("Emma")))
        scene.run()
        scene.ended(3)
        expect(shelf["Emma"], 0, f"{scene.story}; copies that are left", hint=3)
        asked = [f"asked, copies: {left}" for left in range(copies, 0, -1)]
        expect(scene.events, asked, f"{scene.story}; when the log is asked, which is before a copy is taken, once for "
               "each", hint=3)
        served = [number < copies for number in range(readers)]
        expect(lent, served, f"{scene.story}; what `lend` returns, in turn", hint=3)


@check("other titles do not wait, and a log that refuses stops nobody", needs=lends_what_is_there)
def lends_side_by_side(answer: Answer) -> None:
    """Emma's log takes long; Dune's does not. Then a log that raises."""
    scene = Scene(answer, "Ada asks for Emma, and the log pauses five times; Grace asks for Dune meanwhile")

    def audit(line: str) -> None:
        for _ in range(5 if "Emma" in line else 0):
            scene.turns.pause()
    desk = answer.Desk(scene.turns, {"Emma": 1, "Dune": 1}, audit)

    def lend(title: str) -> None:
        try:
            scene.events.append(f"{title}: {desk.lend(title)}")
        except ConnectionError:
            scene.events.append(f"{title}: ConnectionError")
    for title in ("Emma", "Dune"):
        scene.spawn(title, lend, title)
    scene.run()
    expect(scene.events, ["Dune: True", "Emma: True"], f"{scene.story}; who is served, in order", hint=3)
    scene = Scene(answer, "The log refuses the first reader of the last Emma by ConnectionError, and takes the second")
    refused = list[str]()

    def refuses(line: str) -> None:
        scene.turns.pause()
        if not refused:
            refused.append(line)
            raise ConnectionError("the log is full")
    desk = answer.Desk(scene.turns, {"Emma": 1}, refuses)
    for number in range(3):
        scene.spawn(f"reader {number + 1}", lend, "Emma")
    scene.run()
    scene.ended(3)
    expect(scene.events, ["Emma: ConnectionError", "Emma: True", "Emma: False"], scene.story, hint=3)
