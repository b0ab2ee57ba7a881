"""Modules imported a second time, a look into sys.modules before and after, and pairs of modules that differ."""

import bisect
import collections
import copy
import heapq
import importlib
import json
import math
import random
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

from course.check import Answer, Failure, check, expect, expect_raises, require


def imported(answer: Answer, name: str, *blocked: str, tidy: bool = True) -> Any:
    """Return what `without` gives; require that nothing else has changed, if it is to be `tidy`, and put it back."""
    told = f"without({', '.join(map(repr, (name, *blocked)))})"
    table, before = sys.modules, dict(sys.modules)
    try:
        return answer.without(name, *blocked)
    except ImportError:
        raise
    except Exception as error:
        raise Failure(f"{told} raises {type(error).__name__}: {error}", hint=2) from error
    finally:
        same = sys.modules is table
        changed = sorted(one for one in {*before, *table} if before.get(one, 0) is not table.get(one, 0))
        sys.modules = table
        table.clear()
        table.update(before)  # for the checks that follow
        require(same or not tidy, f"After {told}, sys.modules is another dict: the import system still uses the old "
                "one", hint=2)
        require(not changed or not tidy, f"After {told}, other things stand in sys.modules than before, under: "
                f"{', '.join(changed[:5])}", hint=2)


@check("a module is imported without its C functions")
def imports_the_twin(answer: Answer) -> None:
    """heapq, bisect."""
    for real, blocked, name in ((heapq, "_heapq", "heappop"), (bisect, "_bisect", "insort_left")):
        told = f"without({real.__name__!r}, {blocked!r})"
        twin = imported(answer, real.__name__, blocked, tidy=False)
        kind = type(getattr(twin, name, None))
        require(kind is FunctionType, f"The {name} of {told} is of type {kind.__name__}, not a function in Python",
                hint=1)
        require(isinstance(getattr(real, name), BuiltinFunctionType), f"After {told}, the {name} of the real module is "
                "not the C function any more", hint=1)
    plain = imported(answer, "heapq", tidy=False)
    require(plain is not heapq and isinstance(plain.heappop, BuiltinFunctionType), "without('heapq'), with nothing "
            "blocked, should give a copy of heapq with its C functions", hint=1)


@check("sys.modules is afterwards what it was", needs=imports_the_twin, points=2)
def leaves_the_table(answer: Answer) -> None:
    """Two calls; an import that fails; a blocked module that was never loaded."""
    first, second = (imported(answer, "heapq", "_heapq") for _ in range(2))
    require(first is not second and first is not heapq, "Two calls of without('heapq', '_heapq') give the same "
            "module, or the real one", hint=1)
    require(sys.modules["heapq"] is heapq, "sys.modules['heapq'] is not the real one any more", hint=2)
    expect_raises(ImportError, lambda: imported(answer, "struct", "_struct"), "without('struct', '_struct'), which has "
                  "no version in Python", hint=2)
    require(sys.modules["struct"] is struct, "An import has failed, and sys.modules['struct'] is not the real one any "
            "more", hint=2)
    imported(answer, "bisect", "_bisect", "no_such_module_at_all")
    expect_raises(ImportError, lambda: imported(answer, "no_such_module_at_all"), "without('no_such_module_at_all')",
                  hint=2)


@contextmanager
def like_names() -> Iterator[dict[str, ModuleType]]:
    """Make a package `copies`, and load the two modules that it imports, whose names begin like its own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "copies").mkdir()
        Path(folder, "copies", "__init__.py").write_text("import copy, copies_of_shelf")
        Path(folder, "copies_of_shelf.py").write_text("")
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            yield {"copy": copy, "copies_of_shelf": importlib.import_module("copies_of_shelf")}
        finally:
            sys.path.remove(folder)
            sys.modules.pop("copies_of_shelf", None)


@check("the parts of a package are new as well", needs=leaves_the_table, points=2)
def renews_packages(answer: Answer) -> None:
    """json without _json, by its own name and by that of a part; other modules whose names begin alike."""
    real = {name: getattr(json, name) for name in ("decoder", "encoder", "scanner")}
    twin = imported(answer, "json", "_json")
    parts = ("scanner", "c_make_scanner"), ("decoder", "c_scanstring"), ("encoder", "c_make_encoder")
    kinds = {name: type(getattr(getattr(twin, part), name, 0)).__name__ if hasattr(twin, part) else f"no {part} at all"
             for part, name in parts}
    expect(kinds, dict.fromkeys(kinds, "NoneType"), "without('json', '_json'); the types of these, in scanner, decoder "
           "and encoder of what it gives (they are None where _json cannot be imported)", hint=2)
    expect(twin.loads('{"Emma": [1, 2.5, null]}'), {"Emma": [1, 2.5, None]}, "without('json', '_json').loads of a text",
           hint=2)
    part = imported(answer, "json.decoder", "_json")
    require(part.c_scanstring is None and part is not real["decoder"], "without('json.decoder', '_json') gives the "
            "real json.decoder, or one that knows _json", hint=2)
    expect_raises(ImportError, lambda: imported(answer, "json", "json.scanner"), "without('json', 'json.scanner'), a "
                  "part that json needs", hint=2)
    with like_names() as like:
        parts = imported(answer, "copies")
        expect({name: getattr(parts, name, None) is module for name, module in like.items()}, dict.fromkeys(like, True),
               "A package `copies` imports the modules copy and copies_of_shelf, which are loaded already; which of "
               "them without('copies') uses as they are", hint=2)
    changed = [name for name, value in real.items() if getattr(json, name) is not value]
    expect(changed, [], "After without('json', '_json') and without('json.decoder', '_json'), the attributes of the "
           "real json that are other modules than before", hint=2)
    fresh = imported(answer, "collections.abc")
    require(fresh is not None and collections.OrderedDict is sys.modules["collections"].OrderedDict, "without("
            "'collections.abc') has changed collections", hint=2)


@check("it is told which functions are in C")
def names_c_functions(answer: Answer) -> None:
    """heapq, math, a module in Python."""
    for module in (heapq, bisect, math, random, json):
        want = sorted(name for name, value in vars(module).items()
                      if isinstance(value, BuiltinFunctionType) and not name.startswith("_"))
        expect(answer.in_c(module), want, f"in_c({module.__name__})", hint=2)
    made = SimpleNamespace(pop=heapq.heappop, _push=heapq.heappush, Counter=collections.Counter, number=7,
                           cut=lambda: None, method="x".join, kind=int)
    expect(answer.in_c(made), ["method", "pop"], "in_c of an object with a C function, one whose name begins with _, a "
           "class, a number, a lambda, a method of a text, and int", hint=2)


@check("two modules that do the same differ nowhere")
def sees_no_difference(answer: Answer) -> None:
    """heapq and itself; two json, each with its own exception; cases stay as they were; any iterable of cases."""
    cases = [("heappop", ([1, 3, 2],)), ("heappop", ([],)), ("heappush", ([1, 2], 0)), ("heapify", ([3, 2, 1],)),
             ("nlargest", (2, [1, 5, 3])), ("heappush", ([1], "a"))]
    for case in cases:
        got = answer.differ(heapq, heapq, iter([case]))
        expect(got, [], f"differ of heapq and heapq, with the case {case!r}", hint=3)
    expect(cases[0][1][0], [1, 3, 2], "A case for heappop after differ", hint=3)
    twin = imported(answer, "json", "_json", tidy=False)
    expect(answer.differ(json, twin, [("loads", ("{",)), ("loads", ("[1]",))]), [], "differ of json and "
           "without('json', '_json'), with a text that each refuses with a JSONDecodeError of its own", hint=3)
    orders = [SimpleNamespace(sort=lambda keys, shift=shift: dict.fromkeys(keys[shift:] + keys[:shift]))
              for shift in (0, 1)]
    expect(answer.differ(*orders, [("sort", ([1, 2],))]), [], "differ of two functions that give equal dicts, with the "
           "keys in another order", hint=3)
    expect(answer.differ(*[SimpleNamespace(cut=lost)] * 2, [("cut", (7,))]), [], "differ of two functions that raise "
           "an exception of a class of their own", hint=3)
    words = SimpleNamespace(cut=lambda text: fail("cannot cut")), SimpleNamespace(cut=lambda text: fail("not cut"))
    expect(answer.differ(*words, [("cut", ("a",))]), [], "differ of two functions that raise ValueError with other "
           "words", hint=3)


def fail(words: str) -> None:
    """Raise ValueError."""
    raise ValueError(words)


class Lost(Exception):
    """A book is lost."""


ELSEWHERE = type("Lost", (Exception,), {"__module__": "elsewhere"})  # of the same name, from another module


def lost(_: object, kind: type[Exception] = Lost) -> None:
    """Raise an exception that nobody lists."""
    raise kind


def changed(shelf: list[Any], value: Any, returned: Any = None) -> Any:
    """Put something on a shelf."""
    shelf.append(value)
    return returned


@check("and those that do not are found", needs=sees_no_difference, points=2)
def finds_differences(answer: Answer) -> None:
    """Other values, other types, other exceptions, other changes."""
    pairs: dict[str, tuple[Any, Any]] = {
        "1 and 2": (lambda shelf: 1, lambda shelf: 2), "1 and 1.0": (lambda shelf: 1, lambda shelf: 1.0),
        "1 and True": (lambda shelf: 1, lambda shelf: True), "a list and a tuple": (lambda shelf: [], lambda shelf: ()),
        "ValueError and TypeError": (lambda shelf: fail(""), lambda shelf: len(7)),
        "None and an exception": (lambda shelf: None, lambda shelf: fail("")),
        "ValueError raised and returned": (lambda shelf: fail("x"), lambda shelf: ValueError),
        "Lost of one module and Lost of another": (lost, lambda shelf: lost(shelf, ELSEWHERE)),
        "None, and another list": (lambda shelf: changed(shelf, 1), lambda shelf: changed(shelf, 2)),
        "None, and a list that is changed by one": (lambda shelf: changed(shelf, 1), lambda shelf: None),
        "ValueError, after another change": (lambda shelf: changed(shelf, 1) or fail(""), lambda shelf: fail(""))}
    for name, (first, second) in pairs.items():
        one, other = SimpleNamespace(cut=first, same=len), SimpleNamespace(cut=second, same=len)
        cases = [("same", ([7],)), ("cut", ([7],)), ("same", ([7, 8],))]
        got = answer.differ(one, other, cases)
        expect(got, [("cut", ([7],))], f"differ of three cases; the second gives {name}", hint=3)
        expect(cases, [("same", ([7],)), ("cut", ([7],)), ("same", ([7, 8],))], "The cases after differ", hint=3)
    nested = [SimpleNamespace(cut=lambda shelf, book=book: shelf[0].append(book)) for book in (1, 2)]
    given = ([[7]],)
    expect(answer.differ(*nested, [("cut", given)]), [("cut", ([[7]],))], "differ of functions that change a list in a "
           "list in other ways", hint=3)
    twice = SimpleNamespace(cut=lambda one, other: changed(one, 1)), SimpleNamespace(cut=lambda one, other: None)
    expect(len(answer.differ(*twice, [("cut", ([], []))])), 1, "differ of functions of two lists, of which one "
           "changes the first", hint=3)
