"""What the page's Python is assembled from."""

import http.client
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from course.proof import browser_runtime, browser_server
from course.proof.browser_runtime import RuntimeBuildError, assemble, pack

ROOT = Path(__file__).parents[2]


def pins(lock: Path) -> dict[str, str]:
    lines = (line for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
    return {(pin := Requirement(line)).name: str(pin.specifier) for line in lines}


def test_the_page_has_the_versions_that_a_machine_has():
    machine = pins(ROOT / "requirements.txt")
    page = pins(ROOT / "web" / "requirements.txt")
    assert page
    assert {name: machine.get(name) for name in page} == page


def test_what_the_lock_holds_is_what_is_asked_for():
    asked = {line.split("#")[0].strip() for line in (ROOT / "web" / "requirements.in").read_text("utf-8").splitlines()}
    assert asked - {""} <= set(pins(ROOT / "web" / "requirements.txt"))


def test_the_npm_lock_names_no_host():
    assert "://" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_a_second_time_makes_nothing(runtime):
    said = []
    assert assemble(ROOT, said.append) == runtime
    assert said == []


def test_the_manifest_lists_the_archives_with_their_sizes(runtime):
    archives = json.loads((runtime / "runtime.json").read_text(encoding="utf-8"))["archives"]
    assert {archive["file"]: archive["unpack"] for archive in archives} == {
        "course.zip": True, "native.zip": True, "packages.zip": False}
    assert all((runtime / archive["file"]).stat().st_size == archive["bytes"] for archive in archives)


def test_shared_objects_are_in_the_archive_that_is_unpacked(runtime):
    with ZipFile(runtime / "packages.zip") as pure, ZipFile(runtime / "native.zip") as native:
        assert not [name for name in pure.namelist() if name.endswith(".so")]
        assert [name for name in native.namelist() if name.endswith(".so")]


def test_no_list_of_packages_on_another_host_is_offered(runtime):
    assert json.loads((runtime / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"] == {}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A small repository with stand-ins for what is fetched; the list of what was made."""
    for name in (*browser_runtime.WORKER, *browser_runtime.PAGE):
        (tmp_path / "web" / "run").mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / "run" / name).write_text("1", encoding="utf-8")
    for name in ("web/requirements.txt", "package-lock.json", "course/trace.py", "course/check/run.py",
                 "course/cli.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")

    def made(name):
        def make(root, out):
            (out / name).write_bytes(b"1")
            return [name]
        return make
    monkeypatch.setattr(browser_runtime, "_make_core", made("core"))
    monkeypatch.setattr(browser_runtime, "_make_packages", made("packages.zip"))
    said: list[str] = []
    assemble(tmp_path, said.append)
    assert len(said) == 3
    said.clear()
    return tmp_path, said


@pytest.mark.parametrize(("path", "part"), [
    ("web/requirements.txt", "packages"), ("package-lock.json", "Pyodide"), ("course/trace.py", "course code"),
    ("course/check/run.py", "course code"), ("web/run/cells.py", "course code"), ("course/cli.py", None),
])
def test_only_the_part_whose_input_changed_is_made(copy, path, part):
    root, said = copy
    (root / path).write_text("2", encoding="utf-8")
    assemble(root, said.append)
    assert said == ([f"browser runtime: {part} ..."] if part else [])


def test_a_lost_file_is_made_again(copy):
    root, said = copy
    (root / "build" / "browser" / "course.zip").unlink()
    assemble(root, said.append)
    assert said == ["browser runtime: course code ..."]


def test_only_what_works_in_the_page_is_packed(copy):
    with ZipFile(copy[0] / "build" / "browser" / "course.zip") as archive:
        assert sorted(archive.namelist()) == ["course/check/run.py", "course/trace.py",
                                              "page/boot.py", "page/cells.py", "page/inline_threads.py"]


def test_the_same_files_give_the_same_archive(tmp_path):
    source = tmp_path / "a.py"
    source.write_text("x = 1\n", encoding="utf-8")
    archives = []
    for name in ("one.zip", "two.zip"):
        source.touch()
        pack(tmp_path / name, {"b.py": source, "a.py": source})
        archives.append((tmp_path / name).read_bytes())
    assert archives[0] == archives[1]
    with ZipFile(tmp_path / "one.zip") as archive:
        assert {(info.filename, info.date_time[0]) for info in archive.infolist()} == {("a.py", 1980), ("b.py", 1980)}


def test_a_package_that_cannot_be_had_is_told(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "requirements.txt").write_text("no_such_file @ file:///no/such/file.whl\n", encoding="utf-8")
    (tmp_path / "out").mkdir()
    with pytest.raises(RuntimeBuildError, match=r"pip could not fetch web/requirements\.txt"):
        browser_runtime._make_packages(tmp_path, tmp_path / "out")


def test_npm_that_fails_is_told(tmp_path):
    with pytest.raises(RuntimeBuildError, match="npm ci failed"):
        browser_runtime.install_npm_packages(tmp_path)


def test_only_the_served_folders_are_served(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.mjs").write_text("1", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("2", encoding="utf-8")
    with browser_server.serve({"files": tmp_path / "open"}) as base:
        answers = {}
        for path in ("/files/a.mjs", "/files/../secret.txt", "/files/%2e%2e/secret.txt", "/other/a.mjs", "/"):
            client = http.client.HTTPConnection(base.removeprefix("http://"), timeout=10)
            client.request("GET", path)
            answer = client.getresponse()
            answers[path] = answer.status, answer.getheader("Content-Type")
            client.close()
    assert answers.pop("/files/a.mjs") == (200, "text/javascript")
    assert answers.pop("/") == (200, "text/html; charset=utf-8")
    assert {status for status, _ in answers.values()} == {404}
