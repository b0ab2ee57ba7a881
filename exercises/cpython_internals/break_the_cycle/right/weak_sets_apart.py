"""The same with a list of pairs: what holds an object weakly, and the function of its class."""

import weakref
from types import MethodType
from typing import ClassVar


class Shelf:
    """A shelf in a tree."""

    made: ClassVar[dict] = {}

    def __init__(self, name, parent=None):
        self.name, self.children, self.books = name, [], []
        self._parent = None if parent is None else weakref.ref(parent)
        self.listeners = []
        if parent is not None:
            parent.children.append(self)
        mine = weakref.ref(self, lambda dead: Shelf.made.pop(name) if Shelf.made.get(name) is dead else None)
        Shelf.made[name] = mine

    def __getattr__(self, attribute):
        if attribute == "parent":
            return self._parent and self._parent()
        raise AttributeError(attribute)

    def path(self):
        """Return the names from the top."""
        names, shelf = [], self
        while shelf is not None:
            names.append(shelf.name)
            shelf = shelf.parent
        return "/".join(reversed(names))

    @classmethod
    def find(cls, name):
        """Return the last one of this name."""
        return cls.made[name]() if name in cls.made else None

    def on_new(self, callback):
        """Listen."""
        if not isinstance(callback, MethodType):
            self.listeners.append((None, callback))
            return
        me = weakref.ref(self)

        def forget(dead):
            if (shelf := me()) is not None:
                shelf.listeners = [pair for pair in shelf.listeners if pair[0] is not dead]
        self.listeners.append((weakref.ref(callback.__self__, forget), callback.__func__))

    def add(self, title):
        """Add a book."""
        self.books.append(title)
        for who, function in tuple(self.listeners):
            if who is None:
                function(title)
            elif (there := who()) is not None:
                function(there, title)
