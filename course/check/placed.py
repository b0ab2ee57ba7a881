"""Which cells of a notebook place an exercise or a question, and where such a cell is not as it must be.

The whole cell is calls `exercise("lesson/name")`, `quiz("lesson/question")` or `predict("lesson/question")` of the
names that `from course.lesson import exercise` has brought, in the same cell or in an earlier one. One call a cell;
questions asked by `quiz` may share one.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["exercise", "quiz", "predict"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODULE = "course.lesson"


@dataclass(frozen=True)
class Placement:
    """One call: what it places, its address `<lesson>/<name>`, and its line in the cell (1, 2, ...)."""

    kind: Kind
    address: str
    line: int


@dataclass(frozen=True)
class Cell:
    """A code cell: `placing` when it holds calls, or the import, and nothing else.

    `faults` are lines with what is wrong and, after the semicolon, what to do. A cell with faults is `placing` too.
    """

    placing: bool = False
    placements: tuple[Placement, ...] = ()
    faults: tuple[tuple[int, str], ...] = ()


def cells(sources: Iterable[str]) -> Iterator[Cell]:
    """Yield what each code cell of one notebook is; `sources` are their texts, in order."""
    known: set[str] = set()
    for source in sources:
        tree = _tree(source)
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and _ours(node)]
        known |= {alias.asname or alias.name for node in imports for alias in node.names}
        yield _cell(tree, imports, known)


def _tree(source: str) -> ast.Module:
    """Parse a cell; one that is no Python (a syntax error shown on purpose) places nothing."""
    try:
        tree = compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])
    assert isinstance(tree, ast.Module)  # that is what "exec" gives
    return tree


def _ours(node: ast.Import | ast.ImportFrom) -> bool:
    """Say whether this imports from the module of the calls, in whatever form."""
    if isinstance(node, ast.ImportFrom):
        return node.module == MODULE or (node.module == "course" and any(name.name == "lesson" for name in node.names))
    return any(name.name == MODULE for name in node.names)


def _cell(tree: ast.Module, imports: Sequence[ast.Import | ast.ImportFrom], known: set[str]) -> Cell:
    others = [statement for statement in tree.body if statement not in imports]
    found = [_placement(statement) for statement in others]
    placements = tuple(placement for placement in found if placement)
    whole = len(placements) == len(others)
    used = {node.id: node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in known}
    if not imports and not used and not (whole and others):
        return Cell()
    faults = list(_import_faults(imports))
    faults += [(one.line, f"`{one.kind}` is not imported; begin the cell with `from {MODULE} import {one.kind}`")
               for one in placements if one.kind not in known]
    faults += [(statement.lineno, "this is no call of the form `exercise(\"lesson/name\")`, `quiz(...)` or "
                "`predict(...)` with one text in quotes; write it so, and move other code into a cell of its own")
               for statement, placement in zip(others, found, strict=True) if placement is None]
    if len(placements) > 1 and any(placement.kind != "quiz" for placement in placements):
        faults.append((placements[1].line, "a cell places one exercise or prediction; give this call its own cell"))
    return Cell(True, placements, tuple(faults))


def _import_faults(imports: Sequence[ast.Import | ast.ImportFrom]) -> Iterator[tuple[int, str]]:
    for node in imports:
        plain = isinstance(node, ast.ImportFrom) and node.module == MODULE and node.col_offset == 0
        if not plain or any(alias.asname or alias.name not in KINDS for alias in node.names):
            yield node.lineno, (f"this import hides which cells place an exercise; write `from {MODULE} import "
                                f"{', '.join(KINDS)}`, with the names that the lesson needs")


def _placement(statement: ast.stmt) -> Placement | None:
    """Return what a statement places, or None when it is anything but one such call."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    call = statement.value
    kind = next((kind for kind in KINDS if isinstance(call.func, ast.Name) and call.func.id == kind), None)
    if kind is None or call.keywords or len(call.args) != 1:
        return None
    argument = call.args[0]
    if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
        return None
    return Placement(kind, argument.value, statement.lineno)
