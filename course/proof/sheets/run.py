"""What all runs of blocks have in common: the result, the judgement, and a program with a time limit."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from course.sheet import Block

LIMIT = 60.0  # seconds for one block
LONGEST = 20_000  # characters of an output that a message shows


@dataclass(frozen=True)
class Ran:
    """What a block printed, and how it failed: exit status, SQLSTATE or class of exception; empty when it did not."""

    text: str
    failed: str = ""


class Runner(Protocol):
    """Runs the blocks of one section, one after the other: each finds what those before it have left."""

    def run(self, block: Block) -> Ran:
        """Run one block."""

    def close(self) -> None:
        """End what was started, and remove what was made."""


class SetupFailed(Exception):
    """A script beside a sheet, which prepares a section, has failed."""


class Unavailable(Exception):
    """This machine cannot run such a block; the message says what is missing."""


def fault(block: Block, ran: Ran) -> str:
    """Return what differs between the page and the run; empty when nothing does."""
    printed = ran.text[-LONGEST:]
    if ran.failed != block.fails:
        was = f"failed with {ran.failed}" if ran.failed else "succeeded"
        wanted = f"fail with {block.fails}" if block.fails else "succeed"
        return f"the block {was}, and should {wanted}. It printed:\n{printed}"
    if block.output is not None and tidy(block.output.text) != tidy(ran.text):
        return (f"the output on the page is not the one of the run.\n--- on the page\n{tidy(block.output.text)}"
                f"--- of the run\n{tidy(printed)}")
    return ""


def tidy(text: str) -> str:
    """Return a text without spaces at the ends of lines, and without empty lines at its ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")) + "\n"


def setups(files: Path, section: str, suffix: str) -> list[Path]:
    """Return the scripts that prepare a section: the sheet's `setup`, then one named for the section, where there are.

    The section "Put aside, and find" is prepared by `put_aside_and_find.sh`.
    """
    slug = "_".join(re.findall(r"[a-z0-9]+", section.lower()))
    return [path for path in (files / f"setup{suffix}", files / f"{slug}{suffix}") if path.is_file()]


def execute(command: list[str], cwd: Path, env: Mapping[str, str], text: str = "") -> tuple[str, int]:
    """Run a program in a group of its own; return what it printed on both streams, and its exit status.

    After LIMIT seconds the group is killed, and the status is 124, as timeout(1) has it.
    """
    with subprocess.Popen(command, cwd=cwd, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
                          start_new_session=True) as program:
        try:
            return program.communicate(text, LIMIT)[0], program.returncode
        except subprocess.TimeoutExpired:
            if os.name == "posix":
                os.killpg(program.pid, signal.SIGKILL)
            program.kill()
            return f"{program.communicate()[0]}\n(not ended after {LIMIT:g} seconds)\n", 124
