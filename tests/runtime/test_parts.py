"""Which parts of the runtime are made again, and when."""

import json

import pytest

from course.runtime import assemble, assembly, database, parts

LOCK = "package-lock.json"
INPUTS = ("web/requirements.txt", "course/trace.py", "course/check/run.py", "course/cli.py",
          "web/make/compile.mjs", "web/make/boot.mjs", "web/make/dump.mjs", "web/run/worker.mjs",
          "web/run/downloads.mjs", "web/run/checks.mjs", "web/run/pyodide.mjs", "web/run/pglite.mjs",
          *(f"web/run/{name}" for name in parts.PAGE))
MAKERS = {(parts, "make_python"): "core", (parts, "make_packages"): "fastapi", (database, "make_database"): "postgres",
          (parts, "make_course"): "course", (parts, "make_worker"): "worker"}


def lock(**versions):
    known = {"pyodide": "1", database.NAME: "1", "esbuild": "1"} | versions
    return json.dumps({"packages": {f"node_modules/{name}": {"version": version} for name, version in known.items()}})


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A small repository with stand-ins for what is made; the list of what was made."""
    for name in INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")

    (tmp_path / LOCK).write_text(lock(), encoding="utf-8")

    def made(name):
        def make(root, out):
            (out / f"{name}.bin").write_bytes(b"1")
            return {"archives": {name: {"file": f"{name}.bin", "needs": []}}, "modules": {name: name}}
        return make
    for (module, maker), name in MAKERS.items():
        monkeypatch.setattr(module, maker, made(name))
    said: list[str] = []
    assemble(tmp_path, said.append)
    assert len(said) == len(MAKERS)
    said.clear()
    return tmp_path, said


@pytest.mark.parametrize(("path", "made"), [
    (LOCK, ["Python", "packages", "course code", "worker"]),
    ("web/requirements.txt", ["packages"]), ("course/trace.py", ["course code"]),
    ("course/check/run.py", ["course code"]), ("web/run/cells.py", ["Python"]), ("web/run/downloads.mjs", ["worker"]),
    ("web/run/checks.mjs", ["worker"]),
    ("web/run/pglite.mjs", ["PostgreSQL"]), ("course/cli.py", []),
])
def test_only_the_part_whose_input_changed_is_made(copy, path, made):
    root, said = copy
    (root / path).write_text(lock(pyodide="2") if path == LOCK else "2", encoding="utf-8")
    assemble(root, said.append)
    assert said == [f"browser runtime: {part} ..." for part in made]


def test_a_lost_file_is_made_again_and_an_old_one_goes(copy):
    root, said = copy
    folder = root / "build" / "browser"
    (folder / "course.bin").unlink()
    (folder / "old.bin").write_bytes(b"1")
    assemble(root, said.append)
    assert said == ["browser runtime: course code ..."]
    assert {path.name for path in folder.iterdir()} == {
        "runtime.json", *(f"{name}.bin" for name in MAKERS.values())}


def test_the_manifest_joins_the_parts(copy):
    found = json.loads((copy[0] / "build" / "browser" / assembly.MANIFEST).read_text(encoding="utf-8"))
    assert found["modules"] == {name: name for name in MAKERS.values()}
    assert set(found["archives"]) == set(MAKERS.values())
