"""Trees that are thrown away while the collector is switched off; afterwards it is asked whether anything was left."""

import gc
import tracemalloc
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from course.check import Answer, check, expect, require

MANY = 1000  # listeners
BYTES = 30_000  # a dictionary that has been larger keeps some room; an entry for each name takes ten times that
FEW = 200  # objects that may be there for other reasons


@contextmanager
def no_collector() -> Iterator[Callable[[], int]]:
    """Collect what there is, and then let nothing be collected: not by itself, nor by a call but of what is given."""
    gc.collect()
    gc.disable()
    plain, gc.collect = gc.collect, lambda *_: 0
    try:
        yield plain
    finally:
        gc.collect = plain
        gc.enable()


def left_in_circles(scene: Callable[[Answer], object], answer: Answer) -> int:
    """Return how many objects a scene leaves that only a collection finds: the least of three times.

    Others, such as the page around the check, may leave some meanwhile; the answer's own are left each time.
    """
    counts = []
    for _ in range(3):
        with no_collector() as collect:
            held = scene(answer)  # what it returns lives on meanwhile
            counts.append(collect())
            del held
    return min(counts)


class Screen:
    """A screen that shows titles."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def show(self, title: str) -> None:
        """Show one more."""
        self.shown.append(title)


class Closing(Screen):
    """A screen that closes when it is told of a title: what holds it lets it go."""

    windows: ClassVar[list["Closing"]] = []

    def show(self, title: str) -> None:
        """Close."""
        self.windows.clear()


class Counted:
    """A callable object that is not a function."""

    def __init__(self, shown: list[str]) -> None:
        self.shown = shown

    def __call__(self, title: str) -> None:
        """Note a title."""
        self.shown.append(f"counted {title}")


class Wall:
    """A class whose method is called on the class."""

    shown: ClassVar[list[str]] = []

    @classmethod
    def show(cls, title: str) -> None:
        """Show one more."""
        cls.shown.append(title)


@check("the tree does what it did")
def does_the_same(answer: Answer) -> None:
    """Parents, children, paths, books."""
    top = answer.Shelf("Castle")
    history, art = answer.Shelf("History", top), answer.Shelf("Art", top)
    old = answer.Shelf("Old", history)
    expect(old.path(), "Castle/History/Old", "path() of a shelf below two others", hint=1)
    require(top.parent is None, f"The parent of the top is {top.parent!r}, not None", hint=1)
    require(old.parent is history and history.parent is top, "The parent of a shelf is not the shelf that it was made "
            "with", hint=1)
    require(isinstance(top.children, list) and len(top.children) == 2 and top.children[0] is history
            and top.children[1] is art, "The children of the top should be a list of the two shelves that were made "
            f"with it, in that order, and are {top.children!r}", hint=1)
    old.add("Emma")
    old.add("Dune")
    expect(old.books, ["Emma", "Dune"], "The books of a shelf to which two were added", hint=1)


@check("a tree that nobody holds is gone at once, with all it had", needs=does_the_same, points=2)
def goes_at_once(answer: Answer) -> None:
    """Three levels, with books; nobody has asked for a collection."""
    left = left_in_circles(throw_away, answer)
    require(left == 0, f"After that a collection finds {left} objects that nothing leads to but they themselves: there "
            "is a circle left", hint=3)


def throw_away(answer: Answer) -> None:
    """Make a tree of five, and let it go."""
    top = answer.Shelf("Castle")
    below = [answer.Shelf("Old", answer.Shelf(name, top)) for name in ("History", "Art")]
    watched = {"the top": weakref.ref(top), "its child": weakref.ref(top.children[0]),
               "the child's child": weakref.ref(below[0])}
    below[0].path()
    below[0].add("Emma")
    del top, below
    alive = [name for name, there in watched.items() if there() is not None]
    expect(alive, [], "A tree of five shelves, and nobody outside holds any of them; the collector does not run. "
           "Who is alive", hint=1)


@check("a child that is held stays, and its parent does not", needs=goes_at_once)
def leaves_the_child(answer: Answer) -> None:
    """The middle of three is held from outside."""
    with no_collector():
        top = answer.Shelf("Castle")
        history = answer.Shelf("History", top)
        answer.Shelf("Old", history)
        there = weakref.ref(top)
        del top
        require(there() is None, "Somebody holds a child, and nobody its parent: the parent is alive", hint=1)
        require(history.parent is None, f"The parent has gone; the child's `parent` is {history.parent!r}, not None",
                hint=2)
        expect([one.path() for one in (history, *history.children)], ["History", "History/Old"],
               "The parent has gone; the path() of the child that is held, and of its own child", hint=2)


@check("`find` gives the last one of a name, and keeps nobody", needs=goes_at_once)
def finds_the_living(answer: Answer) -> None:
    """Two of one name; the later goes; the first goes; the second goes."""
    with no_collector():
        first, second = answer.Shelf("Castle"), answer.Shelf("Castle")
        require(answer.Shelf.find("Castle") is second, "Two shelves were made under one name; find gives another than "
                "the second", hint=2)
        require(answer.Shelf.find("Mill") is None, "find of a name that no shelf has does not give None", hint=2)
        mill, later = answer.Shelf("Mill"), answer.Shelf("Mill")
        del later
        require(answer.Shelf.find("Mill") is None, "Of two shelves of one name the second, made last, has gone, and "
                "the first is held; find does not give None", hint=2)
        del mill, first
        require(answer.Shelf.find("Castle") is second, "Of two shelves of one name the first has gone; find does not "
                "give the second", hint=2)
        there = weakref.ref(second)
        del second
        require(there() is None, "A shelf without parent and children, and nobody holds it: it is alive", hint=2)
        require(answer.Shelf.find("Castle") is None, "Both have gone; find does not give None", hint=2)


@check("listeners are told, in their order", needs=does_the_same)
def tells_listeners(answer: Answer) -> None:
    """A function, a lambda that nobody else holds, an object, a method, a method of a class, one of them twice."""
    shelf, said, screen, noting = answer.Shelf("Castle"), [], Screen(), Screen()
    Wall.shown.clear()
    with no_collector():
        shelf.on_new(lambda title: said.append(f"first {title}"))
        shelf.on_new(Counted(said))
        noting.shown = said
        shelf.on_new(noting.show)
        shelf.on_new(said.append)
        shelf.on_new(screen.show)
        shelf.on_new(Wall.show)
        shelf.on_new(screen.show)
        shelf.on_new(lambda title: said.append(f"last of {len(screen.shown)} {title}"))
        shelf.add("Emma")
        story = ("Emma is added. Listening, in this order: a lambda, an object with __call__, a method, the append of "
                 "a list, another method, a method of a class, the other method again, a lambda")
        want = ["first Emma", "counted Emma", "Emma", "Emma", "last of 2 Emma"]
        expect(Counter(said)["first Emma"], 1, f"{story}. Calls of the first lambda", hint=2)
        expect(Counter(said)["counted Emma"], 1, f"{story}. Calls of the object with __call__", hint=2)
        expect(Counter(said)["Emma"], 2, f"{story}. Calls of the method and of append, together", hint=2)
        expect(screen.shown, ["Emma", "Emma"], f"{story}. What the other method, which listens twice, was told", hint=2)
        expect(Wall.shown, ["Emma"], f"{story}. What the method of the class was told", hint=2)
        expect(said, want, f"{story}. What they have noted, in order; the last lambda counts what the other method "
               "was told before it", hint=2)


@check("a method's object is not kept alive", needs=tells_listeners, points=2)
def lets_screens_go(answer: Answer) -> None:
    """Two screens, of which one goes; one closes itself while it is told; the shelf goes while one listens."""
    left = left_in_circles(screens_go, answer)
    require(left == 0, f"After the shelf has gone, a collection finds {left} objects that nothing leads to but they "
            "themselves: something that belongs to a listener holds the list that it stands in", hint=3)


def screens_go(answer: Answer) -> Screen:
    """Let one of two screens go, then one that closes itself, then the shelf; return the one that stays."""
    shelf, stays, goes = answer.Shelf("Castle"), Screen(), Screen()
    shown = goes.shown
    for screen in (goes, stays):
        shelf.on_new(screen.show)
    del screen
    shelf.add("Emma")
    there = weakref.ref(goes)
    del goes
    require(there() is None, "A screen's method listens, and nobody else holds the screen: it is alive", hint=2)
    shelf.add("Dune")
    expect((shown, stays.shown), (["Emma"], ["Emma", "Dune"]), "Two screens listened to Emma, then one went, and "
           "Dune was added; what each has shown", hint=2)
    told: list[str] = []
    closing = [Closing()]
    closing[0].windows = closing
    shelf.on_new(closing[0].show)
    shelf.on_new(lambda title: told.append(f"next {title}"))
    shelf.on_new(lambda title: told.append(f"last {title}"))
    shelf.add("Walden")
    expect((closing, told), ([], ["next Walden", "last Walden"]), "A screen closes itself while it is told, and is "
           "gone then; two lambdas listen behind it. Screens that are open, and what the lambdas note", hint=3)
    gone = weakref.ref(shelf)
    del shelf
    require(gone() is None, "A screen listens to a shelf that nobody holds: the shelf is alive", hint=3)
    return stays


@check("nothing is left over of listeners that have gone", needs=lets_screens_go)
def forgets_them(answer: Answer) -> None:
    """Thousands of screens come and go; no book is added."""
    with no_collector():
        shelf = answer.Shelf("Castle")
        for _ in range(3):  # what is made once, is made
            shelf.on_new(Screen().show)
        before = len(gc.get_objects())
        for _ in range(MANY):
            shelf.on_new(Screen().show)
        more = len(gc.get_objects()) - before
        require(more < FEW, f"{MANY:,} screens have listened to a shelf and gone, one after the other, and no book was "
                f"added: there are {more:,} objects more than before", hint=3)
        before = len(gc.get_objects())
        screens = [Screen() for _ in range(MANY)]
        for screen in screens:
            shelf.on_new(screen.show)
        del screens, screen
        more = len(gc.get_objects()) - before
        require(more < FEW, f"{MANY:,} screens have listened to a shelf at the same time, and all have gone: there are "
                f"{more:,} objects more than before", hint=3)
        screen = Screen()
        answer.Shelf("Castle").on_new(screen.show)
        before = len(gc.get_objects())
        for _ in range(MANY):
            answer.Shelf("Castle").on_new(screen.show)
        more = len(gc.get_objects()) - before
        require(more < FEW, f"A screen has listened to {MANY:,} shelves, which have gone: there are {more:,} objects "
                "more than before", hint=3)


@check("nothing is left over of names that have gone", needs=finds_the_living)
def forgets_names(answer: Answer) -> None:
    """A thousand shelves with names of their own come and go."""
    with no_collector():
        answer.Shelf("Castle")
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            for number in range(MANY):
                answer.Shelf(f"Reading room {number}")
            more = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        require(more < BYTES, f"{MANY:,} shelves with names of their own have come and gone: {more:,} bytes are left "
                "of them", hint=2)
