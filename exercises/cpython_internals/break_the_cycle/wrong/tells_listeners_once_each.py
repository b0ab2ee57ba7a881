# caught by: tells_listeners
# says: What the other method
"""A tree of shelves that goes when nobody holds it."""

import weakref
from collections.abc import Callable
from itertools import count
from types import MethodType
from typing import ClassVar


class Shelf:
    """A shelf in a tree, with books, and listeners who are told of new ones."""

    by_name: ClassVar[weakref.WeakValueDictionary[str, "Shelf"]] = weakref.WeakValueDictionary()

    def __init__(self, name: str, parent: "Shelf | None" = None) -> None:
        self.name, self.above = name, None if parent is None else weakref.ref(parent)
        self.children: list[Shelf] = []
        self.books: list[str] = []
        self.listeners: dict[int, Callable[[], Callable[[str], object] | None]] = {}
        self.numbers = count()
        if parent is not None:
            parent.children.append(self)
        Shelf.by_name[name] = self

    @property
    def parent(self) -> "Shelf | None":
        """The shelf above."""
        return None if self.above is None else self.above()

    def path(self) -> str:
        """Return the names from the top, with / between."""
        return self.name if self.parent is None else f"{self.parent.path()}/{self.name}"

    @classmethod
    def find(cls, name: str) -> "Shelf | None":
        """Return the shelf that was made last under this name."""
        return cls.by_name.get(name)

    def on_new(self, callback: Callable[[str], object]) -> None:
        """Call `callback(title)` for each new book."""
        if any(there() == callback for there in self.listeners.values()):
            return
        number, shelf = next(self.numbers), weakref.ref(self)

        def gone(_: object) -> None:
            if (there := shelf()) is not None:
                there.listeners.pop(number, None)
        self.listeners[number] = (weakref.WeakMethod(callback, gone) if isinstance(callback, MethodType)
                                  else lambda: callback)

    def add(self, title: str) -> None:
        """Put a book on the shelf, and tell who listens."""
        self.books.append(title)
        for there in list(self.listeners.values()):
            if (callback := there()) is not None:
                callback(title)
