"""`course doctor` finds nothing here, and names each thing that is broken on purpose with what to do."""

import shutil
import socket
from pathlib import Path

import pytest

from course import repository
from course.proof import doctor
from course.proof.doctor import Sign
from course.services import postgres


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with what the looks read of a course."""
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(repository.root() / name, tmp_path)
    return tmp_path


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next look ask for a server of its own."""
    monkeypatch.setattr(postgres, "_shared", None)


def test_all_is_well_on_a_machine_that_runs_the_tests(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.command(course) == 0
    said = capsys.readouterr().out
    for name in ("Python", "packages", "disk", "work/", "PostgreSQL", "kernel"):
        assert f"  ok     {name} " in said
    assert said.endswith("Lessons run on this machine.\n")
    assert list(course.joinpath("work").iterdir()) == []


def test_a_package_of_another_version_is_named(course: Path) -> None:
    lock = course / "requirements.txt"
    lock.write_text(lock.read_text().replace("\nsphinx==", "\nsphinx==1."), encoding="utf-8")
    lock.write_text(lock.read_text() + "not-there-at-all==1\nnot-for-us==1 ; os_name == 'no'\n", encoding="utf-8")
    found = doctor.packages(course)
    assert found.status == "FAILED"
    assert "not-there-at-all missing (wanted 1)" in found.words
    assert "sphinx " in found.words
    assert "not-for-us" not in found.words
    assert doctor.AGAIN in found.words


def test_an_untested_python_is_refused(course: Path) -> None:
    (course / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.8,<3.10"\n', encoding="utf-8")
    found = doctor.python(course)
    assert (found.status, ">=3.8,<3.10" in found.words) == ("FAILED", True)


def test_a_full_disk_is_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SPACE", 1 << 50)
    assert doctor.disk(course).status == "FAILED"


def test_a_folder_that_cannot_be_used_and_a_corrupt_progress(course: Path) -> None:
    work = course / "work"
    work.write_text("a file", encoding="utf-8")
    found = doctor.folder(course)
    assert (found.status, str(work) in found.words) == ("FAILED", True)
    work.unlink()
    work.mkdir()
    (work / "progress.json").write_text("{", encoding="utf-8")
    found = doctor.folder(course)
    assert (found.status, "set aside" in found.words) == ("note", True)
    assert [path.name for path in work.glob("progress*.json")] == ["progress.corrupt-1.json"]


def test_a_taken_port_is_a_note_only(course: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8888))
            taken.listen()
        except OSError:
            pass  # taken by another already
        assert doctor.port(course).status == "note"


@pytest.mark.usefixtures("no_server")
def test_a_database_that_does_not_answer_fails(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    found = doctor.database(course)
    assert found.status == "FAILED"
    assert "\n" not in found.words
    assert "127.0.0.1" in found.words


def test_a_kernel_that_does_not_start_fails(course: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = doctor.kernel(course)
    assert (found.status, doctor.AGAIN in found.words) == ("FAILED", True)


def test_a_look_that_breaks_is_itself_a_finding(course: Path, capsys: pytest.CaptureFixture[str],
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    def liver(root: Path) -> Sign:
        raise ZeroDivisionError("of its own")

    assert list(doctor.examine(course, (liver,))) == [
        Sign("liver", "FAILED", "could not be looked at: ZeroDivisionError: of its own")]
    monkeypatch.setattr(doctor, "examine", lambda root: doctor_examine(root, (liver,)))
    assert doctor.command(course) == 1
    assert "1 of " in capsys.readouterr().out


doctor_examine = doctor.examine
