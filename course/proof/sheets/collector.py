"""A pytest plugin: each code block of a cheatsheet is a test. `python -m course.proof.sheets.main` uses it."""

import dataclasses
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from course import sheet
from course.proof.sheets import anatomy, run

# A runner is imported when a block needs it: what FastAPI brings must not be loaded before pytest has begun.
RUNNERS = {"bash-run": "bash.Bash", "sql-run": "sql.Sql", "py-run": "python.Python", "pytest-run": "pytests.Pytest",
           "http-run": "http.Http", "gitlab-run": "gitlab.Gitlab", "yaml-schema": "checked.Checked",
           "dockerfile-lint": "checked.Checked"}

PRINTED = pytest.StashKey[dict[Path, dict[int, str]]]()
STORING = pytest.StashKey[bool]()  # the sheets get what is printed, so it is not compared


class Wrong(Exception):
    """A block is not as its page says; the text is the whole message."""


class SheetFile(pytest.File):
    """A cheatsheet."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each block; a sheet whose blocks cannot be read is one failing test."""
        stage, text = Stage(self.path.with_name(f"{self.path.stem}_files")), self.path.read_text(encoding="utf-8")
        blocks = sheet.parse(text, self.path)
        yield PartsItem.from_parent(self, name="its parts", missing=[*anatomy.faults(text, blocks)])
        for block in blocks:
            yield BlockItem.from_parent(self, name=block.name, block=block, stage=stage)


class Stage:
    """The runners of one section at a time: those of the section before are closed when the next one begins."""

    def __init__(self, files: Path) -> None:
        self.files, self.section = files, ""
        self.runners: dict[str, run.Runner] = {}

    def runner(self, block: sheet.Block) -> run.Runner:
        """Return the runner of a block, started when its section needs it first. Raises Unavailable."""
        if block.section != self.section:
            self.close()
            self.section = block.section
        if block.kind not in self.runners:
            module, _, name = RUNNERS[block.kind].partition(".")
            runner = getattr(import_module(f"{__package__}.{module}"), name)
            self.runners[block.kind] = runner(self.files, block.section)
        return self.runners[block.kind]

    def close(self) -> None:
        """Close the runners of the section."""
        for one in self.runners.values():
            one.close()
        self.runners.clear()


class PartsItem(pytest.Item):
    """What a sheet has to have."""

    def __init__(self, *, missing: list[str], **more: Any) -> None:
        super().__init__(**more)
        self.missing = missing

    def runtest(self) -> None:
        """Raise Wrong when something is missing, or too long."""
        if self.missing:
            raise Wrong("\n".join(self.missing))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Show what is missing."""
        return f"{self.path}:\n{excinfo.value}"


class BlockItem(pytest.Item):
    """A block of a sheet."""

    def __init__(self, *, block: sheet.Block, stage: Stage, **more: Any) -> None:
        super().__init__(**more)
        self.block, self.stage = block, stage

    def runtest(self) -> None:
        """Run or check the block. Raises Wrong when it is not as the page says."""
        if self.block.kind == sheet.SHOWN:
            return  # its reason is one that counts, or the sheet could not be read
        try:
            ran = self.stage.runner(self.block).run(self.block)
        except run.Unavailable as missing:
            pytest.skip(str(missing))
        block = self.block
        if self.config.stash.get(STORING, False):
            block = dataclasses.replace(block, output=None)
        if fault := run.fault(block, ran):
            raise Wrong(fault)
        self.config.stash[PRINTED].setdefault(self.path, {})[self.block.line] = ran.text

    def teardown(self) -> None:
        """Close what runs when no block of the sheet is left."""
        following = getattr(self, "_following", None)
        if following is None:
            self.stage.close()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what is wrong, without our own lines."""
        if excinfo.errisinstance(Wrong):
            return f"{self.path}:{self.block.line}: {excinfo.value}"
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the block begins: the line counts from 0 here."""
        return self.path, self.block.line - 1, self.name


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what the blocks print."""
    config.stash[PRINTED] = {}


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SheetFile | None:
    """Collect the sheets, and nothing else of their folder."""
    wanted = file_path.suffix == ".md" and file_path.parent.name == sheet.FOLDER
    return SheetFile.from_parent(parent, path=file_path) if wanted else None


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Note whether another block of the same sheet follows."""
    if isinstance(item, BlockItem):
        same = isinstance(nextitem, BlockItem) and nextitem.path == item.path
        item.__dict__["_following"] = nextitem if same else None
