"""What may be in the repository: text that ends in a newline, no generated, huge or machine-bound files."""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import pytest
from repository_files import walked_names

LARGEST = 1_000_000  # bytes
# Files that may be larger, each with its reason: {"path/from/the/root": "why it cannot be smaller"}
LARGE: dict[str, str] = {}
GENERATED = ("*.pyc", "*.egg-info/*", "*~", "*.orig", "*.rej", ".DS_Store", "Thumbs.db", ".coverage")
GENERATED_FOLDERS = {"__pycache__", "_build", "build", "dist", "node_modules", "work", ".venv", ".nox",
                     ".cache", ".ipynb_checkpoints", ".jupyter_cache", ".pytest_cache", ".mypy_cache",
                     ".ruff_cache"}
# A folder of one developer's machine. Every hub has the home `jovyan`, every Pyodide `pyodide`.
MACHINE = re.compile(r"(?<![\w.~:/}$-])/(?:home|Users|work|root)/(?!(?:jovyan|pyodide)\b)\w"
                     r"|\b[A-Z]:\\+Users\\+\w")
NOTEBOOK_ESCAPES = re.compile(r"\\u001b\[[\d;]*m|\\n")  # they would hide the beginning of a path


def large(root: Path, files: list[Path], allowed: dict[str, str]) -> list[str]:
    found = {path.relative_to(root).as_posix() for path in files if path.stat().st_size > LARGEST}
    return [*(f"{name} is larger than {LARGEST:,} bytes: shrink it, or build it"
              for name in found - allowed.keys()),
            *(f"{name} is not that large any more: take it off the list" for name in allowed.keys() - found)]


def generated(root: Path, files: list[Path]) -> list[str]:
    names = [path.relative_to(root) for path in files]
    return [f"{name.as_posix()} is made by a tool: `git rm --cached` it" for name in names
            if GENERATED_FOLDERS & set(name.parts[:-1])
            or any(fnmatch.fnmatch(name.as_posix(), f"*{pattern}") for pattern in GENERATED)]


def text_of(path: Path) -> str:
    """The file's text, line ends untouched; empty for a binary file."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def badly_ended(files: list[Path]) -> list[str]:
    texts = [(path, text) for path in files if (text := text_of(path))]
    return [*(f"{path}: the last line has no newline" for path, text in texts if text[-1] != "\n"),
            *(f"{path}: blank lines at the end" for path, text in texts if text.endswith("\n\n")),
            *(f"{path}: Windows line ends" for path, text in texts if "\r\n" in text)]


def machine_bound(files: list[Path]) -> list[str]:
    found = []
    for path in files:
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if match := MACHINE.search(NOTEBOOK_ESCAPES.sub(" ", line)):
                found.append(f"{path}:{number}: {match[0]}... is a folder of one machine: make it relative")
    return found


def test_no_file_is_huge(root: Path, tracked: list[Path]) -> None:
    assert not large(root, tracked, LARGE)


def test_nothing_generated_is_tracked(root: Path, tracked: list[Path]) -> None:
    assert not generated(root, tracked)


def test_text_files_end_with_one_newline(tracked: list[Path]) -> None:
    assert not badly_ended(tracked)


def test_no_path_of_a_developers_machine(tracked: list[Path]) -> None:
    assert not machine_bound([path for path in tracked if path != Path(__file__)])


def test_without_git_the_same_files_are_read(root: Path, tmp_path: Path, tracked: list[Path]) -> None:
    assert {path.relative_to(root).as_posix() for path in tracked} <= set(walked_names(root))
    for name in (".gitignore", "kept/page.md", "_build/a.html", "kept/__pycache__/x.pyc", "a.egg-info/PKG"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("__pycache__/\n_build/\n", encoding="utf-8")
    assert sorted(walked_names(tmp_path)) == [".gitignore", "kept/page.md"]


def test_size_limit_holds_in_both_directions(tmp_path: Path) -> None:
    big, small = tmp_path / "big.png", tmp_path / "small.png"
    big.write_bytes(b"\0" * (LARGEST + 1))
    small.write_bytes(b"\0")
    assert large(tmp_path, [big, small], {"big.png": "a reason"}) == []
    assert [told.split()[0] for told in large(tmp_path, [big, small], {"small.png": "a reason"})] == \
        ["big.png", "small.png"]


@pytest.mark.parametrize(("name", "caught"), [
    ("course/__pycache__/a.txt", True), ("a/b.pyc", True), ("x.egg-info/PKG", True), (".coverage", True),
    ("book/.DS_Store", True), ("work/answer.py", True), ("course/work.py", False), ("_toc.yml", False)])
def test_generated_files_are_recognised(tmp_path: Path, name: str, caught: bool) -> None:
    assert bool(generated(tmp_path, [tmp_path / name])) is caught


@pytest.mark.parametrize(("content", "caught"), [
    (b"a\n", False), (b"", False), (b"\0a", False), (b"a", True), (b"a\n\n", True), (b"a\r\nb\n", True)])
def test_line_ends_are_recognised(tmp_path: Path, content: bytes, caught: bool) -> None:
    path = tmp_path / "some"
    path.write_bytes(content)
    assert bool(badly_ended([path])) is caught


@pytest.mark.parametrize(("line", "caught"), [
    ("see /home/ann/course", True), ("'/Users/ann'", True), (r'"C:\\Users\\ann"', True), ("/root/x", True),
    (r'"File:\n/work/main/a.py"', True), (r'"\u001b[32m/work/main/a.py"', True),
    ("/home/jovyan/x", False), ("/home/pyodide", False), ("/home/pyodides", True),
    ("https://example.org/home/page", False), ("~/work/x", False),
    ("work/", False)])
def test_machine_paths_are_recognised(tmp_path: Path, line: str, caught: bool) -> None:
    path = tmp_path / "some.txt"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert bool(machine_bound([path])) is caught


def misspelt(root: Path, files: list[Path]) -> str:
    """What codespell finds with the settings of pyproject.toml."""
    settings = ["--toml", str(root / "pyproject.toml")]
    command = [sys.executable, "-m", "codespell_lib", *settings, *map(str, files)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert not done.stderr, done.stderr
    return done.stdout


def test_spelling(root: Path, tracked: list[Path]) -> None:
    prose = ("book", "tiers", "course", "cheatsheets", "exercises", "exam", "roadmap")
    names = [path.relative_to(root) for path in tracked]
    files = [name for name in names if name.suffix in {".md", ".ipynb", ".py"}
             and (name.parts[0] in prose or len(name.parts) == 1)]
    assert files
    assert not misspelt(root, files)


def test_a_misspelling_is_found_and_british_spelling_is_not(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("The colour and behaviour of a licence, " + "recie" + "ved.\n", encoding="utf-8")
    told = misspelt(root, [path])
    assert "received" in told
    assert len(told.splitlines()) == 1
