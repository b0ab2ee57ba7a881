"""The classes of error in the page are those that psycopg has on a machine."""

import ast
from pathlib import Path

import psycopg
from psycopg import errors

SOURCE = Path(__file__).parents[2] / "course" / "services" / "pglite.py"  # it can be imported in the page only
NAMES = ("OperationalError", "IntegrityError", "DataError", "InternalError", "ProgrammingError", "NotSupportedError")


def classes() -> dict[str, str]:
    assigned = (node for node in ast.parse(SOURCE.read_text("utf-8")).body if isinstance(node, ast.Assign))
    return next(ast.literal_eval(node.value) for node in assigned if ast.unparse(node.targets[0]) == "CLASSES")


def test_each_sqlstate_has_the_class_that_psycopg_gives_it():
    codes = {name for name in dir(errors) if isinstance(getattr(errors, name), type)}
    kinds = {getattr(errors, name) for name in codes if issubclass(getattr(errors, name), psycopg.Error)}
    known = {kind.sqlstate: next((base.__name__ for base in kind.__mro__ if base.__name__ in NAMES), "DatabaseError")
             for kind in kinds if kind.sqlstate}
    assert len(known) > 200
    ours = classes()
    assert {state: ours.get(state[:2], "DatabaseError") for state in known} == known
