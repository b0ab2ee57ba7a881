"""The lock files hold what the .in files ask for, and nothing in the repository names a package index."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

INDEX = re.compile(r"files\.pythonhosted|pypi\.org/simple|registry\.(npmjs|yarnpkg)|"
                   r"(?<!no-emit-)index[-_]url|INDEX_URL|find-links|^registry\s*=|\[\[tool\.uv\.index\]\]",
                   re.MULTILINE)
REPAIR = "run `python3 noxfile.py -s lock`"


@dataclass(frozen=True)
class Pin:
    """One line of a lock: a version for some platforms, and the .in files that ask for it directly."""

    name: str
    version: str
    asked_by: frozenset[str]


def wanted(path: Path) -> Iterator[Requirement]:
    """The requirements of one .in file, without those it includes."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split(" #")[0].strip()
        if text and not text.startswith(("#", "-r ")):
            yield Requirement(text)


def included(path: Path) -> list[Path]:
    """The .in file itself and every one it includes with `-r`."""
    others = re.findall(r"^-r (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [path, *(deeper for other in others for deeper in included(path.parent / other))]


def pins(lock: Path) -> list[Pin]:
    found: list[Pin] = []
    for block in re.split(r"^(?=\S)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if block.strip() and not block.startswith("#"):
            requirement = Requirement(block.splitlines()[0])
            version = re.fullmatch(r"==([^*,]+)", str(requirement.specifier))
            assert version, f"{lock.name}: {requirement} is not pinned to one version; {REPAIR}"
            asked_by = frozenset(re.findall(r"-r (\S+\.in)", block))
            found.append(Pin(canonicalize_name(requirement.name), version[1], asked_by))
    return found


def drift(source: Path, lock: Path) -> list[str]:
    """What `lock` no longer says of `source` (a .in file), one sentence each."""
    locked = pins(lock)
    complaints = []
    for path in included(source):
        names = set()
        for requirement in wanted(path):
            name = canonicalize_name(requirement.name)
            names.add(name)
            versions = [pin.version for pin in locked if pin.name == name]
            if not versions:
                complaints.append(f"{lock.name} has no pin for {name} of {path.name}; {REPAIR}")
            complaints += [f"{lock.name} pins {name}=={version}, "
                           f"{path.name} asks for {requirement.specifier}; {REPAIR}" for version in versions
                           if not requirement.specifier.contains(version, prereleases=True)]
        complaints += [f"{lock.name} says that {path.name} asks for {pin.name}, it does not; {REPAIR}"
                       for pin in locked if path.name in pin.asked_by and pin.name not in names]
    return complaints


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_the_lock_holds_what_the_in_file_asks_for(root: Path, name: str) -> None:
    assert not drift(root / f"{name}.in", root / f"{name}.txt")


def test_tests_run_on_the_versions_that_readers_get(root: Path) -> None:
    reader = {(pin.name, pin.version) for pin in pins(root / "requirements.txt")}
    tester = {(pin.name, pin.version) for pin in pins(root / "requirements-test.txt")}
    assert not reader - tester, f"requirements-test.txt differs from requirements.txt; {REPAIR}"


@pytest.mark.parametrize(("source", "complaint"), [
    ("b==1\na>=2\nc", "no pin for c"),
    ("b==2\na>=2", "pins b==1, x.in asks for ==2"),
    ("b==1", "says that x.in asks for a"),
])
def test_a_lock_that_drifted_is_told_so(tmp_path: Path, source: str, complaint: str) -> None:
    (tmp_path / "x.in").write_text(source, encoding="utf-8")
    (tmp_path / "x.txt").write_text("a==2.1 ; sys_platform == 'win32'\n    # via -r x.in\n"
                                    "b==1\n    # via\n    #   -r x.in\n    #   a\n", encoding="utf-8")
    [told] = drift(tmp_path / "x.in", tmp_path / "x.txt")
    assert complaint in told


def named_indexes(files: list[Path]) -> list[str]:
    return [f"{path}: {found[0]!r} ties the repository to one package index; leave the choice to the machine"
            for path in files if path.suffix not in {".png", ".ico", ".woff2"}
            if (found := INDEX.search(path.read_text(encoding="utf-8", errors="replace")))]


def test_no_file_names_a_package_index(root: Path, tracked: list[Path]) -> None:
    here = Path(__file__).parent  # this folder holds the patterns themselves
    assert not named_indexes([path for path in tracked if here not in path.parents])


@pytest.mark.parametrize("text", ["--extra-index-url x", "https://files.pythonhosted.org/a.whl",
                                  "a: 1\nregistry = x\n"])
def test_a_named_index_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.cfg").write_text(text, encoding="utf-8")
    assert len(named_indexes([tmp_path / "some.cfg"])) == 1


def test_npm_writes_locks_without_hosts(root: Path) -> None:
    settings = (root / ".npmrc").read_text(encoding="utf-8").split()
    assert "omit-lockfile-registry-resolved=true" in settings
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages, "package-lock.json locks nothing; run `npm install --package-lock-only`"
    assert not [name for name, package in packages.items()
                if "resolved" in package and not package.get("link")]


def test_npm_locks_what_package_json_asks_for(root: Path) -> None:
    manifest = json.loads((root / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]
    for group in ("dependencies", "devDependencies"):
        assert manifest.get(group) == locked.get(group), "run `npm install --package-lock-only`"
