"""Functions, classes and texts, counted by `dis` in the check as well."""

import dis
import functools
from collections import Counter
from types import CodeType
from typing import Any

from course.check import Answer, check, expect, expect_raises, require

TEXTS = ("fee = days * 20 + 5",
         "for book in shelf:\n    if book not in lent:\n        print(book)",
         "def outer(a):\n    def inner(b):\n        def deepest(c):\n            return a + b + c\n"
         "        return deepest\n    return inner",
         "double = lambda x: x * 2\ntriple = lambda x: x * 3",
         "wide = [x * y for x in range(3) for y in (z + 1 for z in range(x))]\n"
         "names = {n: {m for m in n} for n in shelf}",
         "class Loan:\n    days = 28\n    def fee(self):\n        return self.days * 20\n"
         "    class Inner:\n        def deep(self): return 1",
         "async def ask(branch):\n    async with branch as one:\n        return await one.lookup('Dune')",
         "raise SystemExit('this text was run')", "")


def counted(code: CodeType) -> Counter[str]:
    """Count by dis."""
    found = Counter(one.opname for one in dis.get_instructions(code))
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found += counted(inner)
    return found


def fee(days: int, rate: int) -> int:
    """Compute."""
    return days * rate + 5


def nested(days: int) -> Any:
    """Return functions."""
    by_rate = lambda rate: [days * rate * each for each in range(3)]  # noqa: E731

    def deeper() -> Any:
        return lambda: days - 1
    return by_rate, deeper


@functools.wraps(fee)
def wrapped(*arguments: int) -> int:
    """Call another function."""
    return fee(*arguments)


class Base:
    """A class to inherit from."""

    def inherited(self) -> int:
        """Count not."""
        return 1 + len("inherited")


class Loan(Base):
    """A class with functions of all kinds."""

    days = 28
    rate = len
    shelf = Base

    def __init__(self, days: int) -> None:
        self.days = days * 1

    @staticmethod
    def plain(first: int) -> int:
        """Compute."""
        return first << 2

    @classmethod
    def made(cls, days: int) -> "Loan":
        """Make one."""
        return cls(days - 1)

    @property
    def fee(self) -> int:
        """Compute."""
        return self.days * 20

    @fee.setter
    def fee(self, value: int) -> None:
        self.days = value // 20

    @fee.deleter
    def fee(self) -> None:
        self.days = ~0

    created = made

    once = property(None, lambda self, value: print(value))


def same(answer: Answer, thing: object, want: Counter[str], story: str, hint: int) -> None:
    """Compare, and tell the first names that differ."""
    got = answer.instructions(thing)
    require(isinstance(got, Counter), f"instructions of {story}: {type(got).__name__}, not a Counter", hint=hint)
    names = sorted(name for name in set(want) | set(got) if want[name] != got[name])
    told = ", ".join(f"{name} {got[name]} times instead of {want[name]}" for name in names[:3])
    require(not names, f"instructions of {story}: {told}", hint=hint)
    expect(sum(got.values()), sum(want.values()), f"instructions of {story}; the sum", hint=hint)


@check("a function's instructions are counted", points=2)
def counts_functions(answer: Answer) -> None:
    """A function, a method, a code object, a wrapped one."""
    same(answer, fee, counted(fee.__code__), "a function that computes days * rate + 5", 1)
    same(answer, fee.__code__, counted(fee.__code__), "its code object", 1)
    same(answer, Loan.made, counted(Loan.made.__func__.__code__), "a method", 1)
    same(answer, wrapped, counted(wrapped.__code__), "a function made with functools.wraps, itself", 1)


@check("what stands inside is counted, however deep", needs=counts_functions)
def counts_inside(answer: Answer) -> None:
    """Functions in functions, lambdas, comprehensions."""
    same(answer, nested, counted(nested.__code__), "a function with a lambda, a comprehension and a function in it, "
         "which has a lambda in it", 1)


@check("a text is translated, not run", needs=counts_inside)
def counts_texts(answer: Answer) -> None:
    """Nine programs."""
    for text in TEXTS:
        try:
            same(answer, text, counted(compile(text, "text", "exec")), f"the text {text!r}", 2)
        except SystemExit:
            require(False, f"instructions({text!r}) runs the text", hint=2)


@check("it counts the code as it is before it runs", needs=counts_functions)
def counts_cold(answer: Answer) -> None:
    """A function that has run ten thousand times."""
    cold = counted(fee.__code__)
    for _ in range(10_000):
        fee(3, 20)
    same(answer, fee, cold, "a function that has run ten thousand times", 2)
    require("CACHE" not in answer.instructions(fee), "CACHE is counted, which is no instruction", hint=2)


@check("a class is all functions in its own dictionary", needs=counts_inside)
def counts_classes(answer: Answer) -> None:
    """Static, of the class, a property with three, one without a getter; an inherited one."""
    functions = [Loan.__init__, Loan.plain, *[vars(Loan)["made"].__func__] * 2, *(getattr(Loan.fee, name) for name in
                 ("fget", "fset", "fdel")), Loan.once.fset]
    want = sum((counted(function.__code__) for function in functions), Counter())
    same(answer, Loan, want, "a class with a method, a static one, one of the class under two names, a property with "
         "getter, setter and deleter, one with a setter alone, a base class with a method, and attributes that are 28, "
         "len and a class", 2)
    same(answer, type("Empty", (), {}), Counter(), "a class without functions", 2)


@check("what has no bytecode raises TypeError", needs=counts_functions)
def refuses_others(answer: Answer) -> None:
    """len, a number, None, a list."""
    for thing in (len, 7, None, [fee], b"x = 1"):
        expect_raises(TypeError, lambda thing=thing: answer.instructions(thing), f"instructions({thing!r})", hint=3)
