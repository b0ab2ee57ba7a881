"""What the page's Python is assembled from."""

import gzip
import importlib.util
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from course.runtime import RuntimeBuildError, archive, assemble, bytecode, npm, parts, wheels
from course.runtime.assembly import files_of
from course.runtime.wheels import Package

ROOT = Path(__file__).parents[2]


def pins(lock: Path) -> dict[str, str]:
    lines = (line for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
    return {(pin := Requirement(line)).name: str(pin.specifier) for line in lines}


def manifest(runtime: Path) -> dict:
    return json.loads((runtime / "runtime.json").read_text(encoding="utf-8"))


def unpacked(runtime: Path, entry: dict) -> ZipFile:
    return ZipFile(io.BytesIO(gzip.decompress((runtime / entry["file"]).read_bytes())))


def test_the_page_has_the_versions_that_a_machine_has():
    machine = pins(ROOT / "requirements.txt")
    page = pins(ROOT / "web" / "requirements.txt")
    both = page.keys() & machine.keys()
    assert {"fastapi", "sqlalchemy", "alembic"} <= both
    assert {name: machine[name] for name in both} == {name: page[name] for name in both}


def test_what_the_lock_holds_is_what_is_asked_for():
    asked = {line.split("#")[0].strip() for line in (ROOT / "web" / "requirements.in").read_text("utf-8").splitlines()}
    assert asked - {""} <= set(pins(ROOT / "web" / "requirements.txt"))


def test_the_npm_lock_names_no_host():
    assert "://" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_a_second_time_makes_nothing(runtime):
    said = []
    assert assemble(ROOT, said.append) == runtime
    assert said == []
    assert {path.name for path in runtime.iterdir()} == {"runtime.json", "pyodide.mjs", *files_of(manifest(runtime))}


def test_sizes_are_of_what_travels(runtime):
    found = manifest(runtime)
    database = found["archives"]["postgres"]["parts"]
    for entry in (*found["archives"].values(), *database.values(), *found["core"].values()):
        if entry.get("file", "").endswith(".bin"):
            assert (runtime / entry["file"]).stat().st_size == entry["bytes"]


def test_archives_hold_bytecode_and_their_companions_the_sources(runtime):
    archives = manifest(runtime)["archives"]
    for name in ("core", "library", "fastapi", "course"):
        code = {path for path in unpacked(runtime, archives[name]).namelist() if path.endswith((".py", ".pyc"))}
        sources = {path for path in unpacked(runtime, archives[name]["sources"]).namelist() if path.endswith(".py")}
        assert code
        assert code == {f"{path}c" for path in sources}


def test_bytecode_is_never_compared_with_a_source(runtime):
    with unpacked(runtime, manifest(runtime)["archives"]["core"]) as core:
        head = core.read("asyncio/__init__.pyc")[:8]
    assert head[4:] == (1).to_bytes(4, "little")  # PEP 552: hash-based, not checked


def test_shared_objects_are_unpacked_and_have_their_bytecode_where_python_looks(runtime):
    archives = manifest(runtime)["archives"]
    for name, entry in archives.items():
        if "file" in entry and "native" not in entry:
            assert not [path for path in unpacked(runtime, entry).namelist() if path.endswith(".so")], name
    native = archives["pydantic.files"]["native"]
    assert [path for path in native if path.endswith(".so")]
    assert "pydantic_core/__pycache__/__init__.cpython-314.pyc" in native


def test_no_list_of_packages_on_another_host_is_offered(runtime):
    assert manifest(runtime)["lock"]["packages"] == {}


def page_packages(sources, found):
    """What the worker itself would fetch for these cells: its own module, loaded here."""
    spec = importlib.util.spec_from_file_location("archives", ROOT / "web" / "run" / "archives.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    known = module.Archives(found["archives"], found["modules"], fetch_now=None)
    return list(dict.fromkeys(name for source in sources for name in known.asked(source)))


def test_a_page_gets_what_its_imports_need(runtime):
    found = manifest(runtime)
    assert page_packages(["print(1)", "import no_such_module", "%%bash\nls", "import asyncio"], found) == []
    assert page_packages(["import statistics"], found) == ["library"]
    assert page_packages(["from zoneinfo import ZoneInfo"], found) == ["library", "tzdata"]
    fastapi = set(page_packages(["from fastapi import FastAPI"], found))
    assert {"fastapi", "pydantic", "pydantic.files", "anyio"} <= fastapi
    assert "postgres" in page_packages(["from course.services import postgres"], found)
    assert "postgres" not in page_packages(["from course.services import web\nimport sqlalchemy"], found)


def test_every_archive_comes_after_what_it_needs(runtime):
    archives = manifest(runtime)["archives"]
    assert all(need in archives for entry in archives.values() for need in entry["needs"])
    assert "sqlalchemy" in archives["alembic"]["needs"]
    assert "pydantic" not in archives["sqlalchemy"]["needs"]


def package(name, *needs, files=("x.py",)):
    return Package(name, {f"{name}/{file}": b"" for file in files}, needs)


def test_a_missing_dependency_is_told(tmp_path):
    with pytest.raises(RuntimeBuildError, match=r"is not complete: fastapi needs starlette; .* zoneinfo needs tzdata"):
        wheels.check_complete([package("fastapi", "starlette")], tmp_path / "web" / "requirements.txt")


def test_packages_are_split_by_what_needs_them():
    held = wheels.split([package("fastapi", "pydantic", "starlette"), package("starlette"), package("zebra"),
                         package("pydantic", "typing-extensions"), package("typing-extensions")])
    assert {name: [each.name for each in group] for name, group in held.items()} == {
        "typing-extensions": ["typing-extensions"], "pydantic": ["pydantic"], "fastapi": ["fastapi", "starlette"],
        "zebra": ["zebra"]}
    assert wheels.needed_archives("fastapi", held) == ["pydantic", "typing-extensions"]


def test_the_names_a_package_is_imported_by():
    files = dict.fromkeys(("six.py", "pg8000/core.py", "pg8000-1.dist-info/METADATA", "_x.cpython-314.so"), b"")
    assert Package("pg8000", files, ()).modules == ("pg8000", "six")


def test_the_same_files_give_the_same_archive(tmp_path):
    contents = {"b": b"1", "a": b"2"}, {"a": b"2", "b": b"1"}
    made = [archive.store(tmp_path, "a", archive.zipped(files)) for files in contents]
    assert made[0] == made[1]
    assert made[0] != archive.store(tmp_path, "a", archive.zipped({"a": b"3"}))
    with ZipFile(io.BytesIO(gzip.decompress((tmp_path / made[0].file).read_bytes()))) as read:
        assert {(info.filename, info.date_time[0]) for info in read.infolist()} == {("a", 1980), ("b", 1980)}


def test_what_is_no_python_has_no_bytecode():
    made = bytecode.compiled(ROOT, {"/lib/a.py": b"x = 1\n", "/lib/b.py": b"def (\n"})
    assert list(made) == ["/lib/a.py"]
    assert b"/lib/a.py" in made["/lib/a.py"]


def test_only_what_works_in_the_page_is_packed():
    names = {path.relative_to(ROOT).as_posix() for path in parts.course_files(ROOT)}
    assert {"course/check/runner.py", "course/trace.py", "course/services/pglite.py"} <= names
    assert not [name for name in names if name.startswith(("course/site", "course/serve", "course/cli"))]


def test_a_package_that_cannot_be_had_is_told(tmp_path):
    lock = tmp_path / "web" / "requirements.txt"
    lock.parent.mkdir()
    lock.write_text("no_such_file @ file:///no/such/file.whl\n", encoding="utf-8")
    with pytest.raises(RuntimeBuildError, match=r"pip could not fetch web/requirements\.txt"):
        wheels.fetch(lock, tmp_path)


def test_npm_that_fails_is_told(tmp_path):
    with pytest.raises(RuntimeBuildError, match="npm ci failed"):
        npm.install(tmp_path)
