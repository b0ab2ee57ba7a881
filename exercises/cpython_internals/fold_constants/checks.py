"""Programs before and after: the tree, the place of each constant, and what they do when they run."""

import ast
import tracemalloc
from typing import Any

from course.check import Answer, Failure, check, expect, require

NUMBERS = ("24 * 60 * 60", "2 + 3 * 4", "(1 + 2) * (3 + 4)", "7 // 2 - 7 % 4", "2 ** 10", "1 / 4", "0.1 + 0.2",
           "1 << 5 | 6 & 3", "9 ^ 5", "256 >> 4", "-(2 + 3)", "--5", "~7", "+3", "not 3", "not (1 - 1)", "True + True",
           "2 ** -1", "3j * 3j", "-0.0", "1 << 100", "-2 ** 2")
TEXTS = ("'Du' + 'ne'", "'ab' * 3", "3 * 'ab'", "b'a' + b'b' * 2", "'=' * 40 + '>'", "not ''", "'x' * 4096", "'x' * -5",
         "'' * 9")
PARTS = {"fee(2 * 3, days * (4 + 5))": "fee(6, days * 9)",
         "days * 2 * 3": "days * 2 * 3",
         "2 * 3 * days": "6 * days",
         "[1 + 1, {'a' + 'b': -(1)}, x[2 - 1:3 * 3]]": "[2, {'ab': -1}, x[1:9]]",
         "lambda days=7 * 4: days + (2 - 1)": "lambda days=28: days + 1",
         "f'{24 * 60} {x + 1}'": "f'{1440} {x + 1}'",
         "def f(a=1 + 1):\n    if a > 3 * 3:\n        return [b * (2 + 2) for b in range(5 - 1)]":
             "def f(a=2):\n    if a > 9:\n        return [b * 4 for b in range(4)]",
         "x = -y + (1 - 2)": "x = -y + -1",
         "1 + 1 < x and not y": "2 < x and (not y)",
         "y = x if 1 + 1 else 3 * z": "y = x if 2 else 3 * z",
         "2 * (3 + y)": "2 * (3 + y)",
         "(not None, not ...)": "(not None, not ...)"}
RAISING = ("1 / 0", "5 // 0", "7 % 0", "'a' + 1", "'a' - 'b'", "1 << -1", "-'a'", "~1.5", "0 ** -1", "1.5 << 2",
           "1e308 ** 2", "'a' * 1.5", "b'a' + 'b'", "'a' * 'b'", "1 + (2 / 0)")
HUGE = ("2 ** 10 ** 10", "1 << 10 ** 11", "'x' * 10 ** 13", "10 ** 13 * b'x'", "7 ** 7 ** 13", "2 ** 200",
        "(2 ** 100) * (2 ** 100)", "'x' * 4097", "'x' * 4000 + 'y' * 97", "1 << 128", "-2 ** 10 ** 10",
        "(0 - 2) ** (10 ** 10)", "'%9000000000d' % 5", "'%d' % 5", "b'%d' % 5", "True << 10 ** 11")
FITTING = ("2 ** 127", "1 ** 1000", "(-1) ** 1001", "0 << 1000", "2 ** -1001")
HEAVY = ("'x' * 10 ** 7", "10 ** 7 * 'x'", "10 ** 7 * b'x'", "1 << 10 ** 8", "3 ** 10 ** 6")  # a moment, and megabytes
ENOUGH = 1_000_000  # bytes
SPOT = ("lineno", "col_offset", "end_lineno", "end_col_offset")
PLACES = """first = 1 + 1
second = [
    24 * 60
    * 60, -5]
def fee(days=2 * 14):
    return (days
            + (3 - 1))
"""
DOCUMENTED = '''"Emma" + "!"
def first():
    "Du" + "ne"
    return 1 + 1
class Second:
    "W" * 3
    x = 3
def third():
    "a real one"
    return 2
'''


def folded(answer: Answer, text: str, tried: str = "", hint: int = 1) -> ast.Module:
    """Return what the answer makes of a program."""
    try:
        tree = answer.fold(ast.parse(text))
    except Exception as error:
        raise Failure(f"fold(ast.parse({text!r})) raises {type(error).__name__}: {error}", hint=hint) from error
    require(isinstance(tree, ast.Module), f"fold(ast.parse({text!r})) gives {type(tree).__name__}, not the tree of a "
            f"program (ast.Module)", hint=hint)
    return tree


def expect_constants(answer: Answer, texts: tuple[str, ...], hint: int) -> None:
    """Each text is one constant in the end, with the value and the type that running it gives."""
    for text in texts:
        value = folded(answer, f"x = {text}", hint=hint).body[0].value
        require(isinstance(value, ast.Constant), f"x = {text}: fold leaves an operation on the right side "
                f"({type(value).__name__}, written as text {ast.unparse(value)!r}); it can be one constant", hint=hint)
        want = eval(text)
        require(repr(value.value) == repr(want), f"x = {text}: fold makes {value.value!r} of it; running it gives "
                f"{want!r}", hint=hint)


@check("operations on numbers become numbers", points=2)
def folds_numbers(answer: Answer) -> None:
    """From the leaves up, all operations of the two tables."""
    expect_constants(answer, NUMBERS, hint=1)


@check("operations on texts become texts", needs=folds_numbers)
def folds_texts(answer: Answer) -> None:
    """Joined and repeated."""
    expect_constants(answer, TEXTS, hint=2)


@check("in larger programs, what is constant is folded and the rest stays", needs=folds_numbers)
def folds_inside(answer: Answer) -> None:
    """Calls, defaults, conditions, comprehensions, formatted texts."""
    for text, want in PARTS.items():
        got = ast.unparse(folded(answer, text))
        expect(got, ast.unparse(ast.parse(want)), f"{text!r}, folded and written as text again", hint=1)


@check("what raises stays", needs=folds_numbers)
def leaves_errors(answer: Answer) -> None:
    """The exception comes when it runs."""
    for text in RAISING:
        tree = folded(answer, f"def later():\n    return {text}", hint=2)
        namespace: dict[str, Any] = {}
        try:
            exec(compile(ast.fix_missing_locations(tree), "folded", "exec"), namespace)
        except Exception as error:
            raise Failure(f"later() returns {text}; defining it raises {type(error).__name__}", hint=2) from error
        try:
            got = repr(namespace["later"]())
        except Exception as error:
            got = type(error).__name__
        expect(got, error_of(text), f"later() returns {text}; what calling it raises", hint=2)


def error_of(text: str) -> str:
    """Return the name of the exception that an expression raises."""
    try:
        eval(text)
    except Exception as error:
        return type(error).__name__
    raise AssertionError(text)


@check("what becomes large stays, and is not computed", needs=folds_texts, points=2, timeout=20)
def leaves_the_large(answer: Answer) -> None:
    """Powers, shifts, long texts, and `%` on a text."""
    for text in HUGE:
        tree = folded(answer, f"x = {text}", hint=2)
        value = tree.body[0].value
        require(not isinstance(value, ast.Constant), f"x = {text}: fold makes a constant of it, of type "
                f"{type(getattr(value, 'value', None)).__name__}; it should stay", hint=2)
    for text in HEAVY:
        tree = ast.parse(f"x = {text}")
        tracemalloc.start()
        try:
            answer.fold(tree)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        require(peak < ENOUGH, f"x = {text}: fold has taken {peak:,} bytes of memory for it. It has computed what it "
                "should not", hint=2)
    expect_constants(answer, FITTING, hint=2)
    expect(ast.unparse(folded(answer, "x = 0 * 2 ** 10 ** 10 + (1 + 1)")), "x = 0 * 2 ** 10000000000 + 2",
           "x = 0 * 2 ** 10 ** 10 + (1 + 1), folded and written as text again", hint=2)


@check("each constant stands where its operation stood", needs=folds_inside)
def keeps_places(answer: Answer) -> None:
    """First and last line and column; the tree compiles; an error names its line."""
    tree = folded(answer, PLACES, hint=2)
    for node in ast.walk(tree):
        missing = [name for name in SPOT if isinstance(node, ast.expr) and getattr(node, name, None) is None]
        require(not missing, f"A node {type(node).__name__} has no {', '.join(missing)}: a tree like that cannot be "
                "compiled", hint=2)
    got = [(*(getattr(node, name) for name in SPOT), ast.unparse(node)) for node in ast.walk(tree)
           if isinstance(node, ast.Constant)]
    expect(sorted(got), [(1, 8, 1, 13, "2"), (3, 4, 4, 8, "86400"), (4, 10, 4, 12, "-5"), (5, 13, 5, 19, "28"),
                         (7, 15, 7, 20, "2")],
           f"Of\n{PLACES}the constants, with first line, column, last line, column", hint=2)
    try:
        compile(tree, "folded", "exec")
    except Exception as error:
        raise Failure(f"The folded tree cannot be compiled: {error}", hint=2) from error


@check("nothing becomes a docstring that was none", needs=folds_texts)
def makes_no_docstring(answer: Answer) -> None:
    """A module, a function and a class that begin with an operation on texts; a real docstring stays."""
    tree = folded(answer, DOCUMENTED, hint=3)
    namespace: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(tree), "folded", "exec"), namespace)
    got = {"the module": namespace.get("__doc__")}
    got |= {name: namespace[name].__doc__ for name in ("first", "Second", "third")}
    expect(got, {"the module": None, "first": None, "Second": None, "third": "a real one"},
           "Programs that begin with 'Emma' + '!' and the like; their __doc__ after folding", hint=3)
    expect(ast.unparse(folded(answer, "show('a' + 'b', 1 + 1)", hint=3)), "show('ab', 2)",
           "show('a' + 'b', 1 + 1), a call that is a statement, folded", hint=3)
