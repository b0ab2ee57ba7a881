"""The command line of the exercises: each command with its arguments, and the errors that end it in one sentence."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Command = Callable[[argparse.Namespace, Path], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
NAME = "lesson/exercise, its last part, or the file in work/"


def add(commands: Commands) -> None:
    """Add the commands with which exercises are solved."""
    listed = _add(commands, "list", "show the exercises and which are passed", _list)
    listed.add_argument("lesson", nargs="?", metavar="LESSON", help="of this lesson only")
    following = _add(commands, "next", "show the next exercise that is not passed, or the one you name", _next)
    following.add_argument("name", nargs="?", metavar="NAME", help=f"a lesson, or {NAME}")
    for word, text, run in (
            ("check", "check an answer once; exit code 0 when it is right, 1 when not", _check),
            ("watch", "check an answer whenever its file is saved, then go on to the next", _watch),
            ("hint", "show the next hint", _hint)):
        command = _add(commands, word, text, run)
        command.add_argument("name", nargs="?", metavar="NAME", help=f"{NAME}, or a lesson (the next unless given)")
    command.add_argument("--number", type=int, help="this hint instead")
    for word, text, run in (
            ("solution", "show the solution; asks first when it was not found yet", _solution),
            ("reset", "begin an exercise anew; your text is put aside", _reset)):
        command = _add(commands, word, text, run)
        command.add_argument("name", metavar="NAME", help=NAME)
        command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--undo", action="store_true", help="take the latest reset back")


def _add(commands: Commands, word: str, text: str, run: Command) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(word, help=text)
    command.set_defaults(run=_told(run))
    return command


def _told(run: Command) -> Command:
    """Turn what a learner or an author can cause into one sentence and exit code 1."""
    def command(arguments: argparse.Namespace, root: Path) -> int:
        from course.terminal.commands import PROBLEMS, refused
        try:
            return run(arguments, root)
        except PROBLEMS as error:
            return refused(str(error))
        except KeyboardInterrupt:
            return 130  # as a shell reports it
    return command


# The commands are imported when they run: rich and psycopg take longer to load than `course --help` may.
def _list(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal import commands
    return commands.list_all(root, arguments.lesson)


def _next(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal import commands
    return commands.next_one(root, arguments.name)


def _check(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal import commands
    return commands.check(root, arguments.name)


def _watch(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal.watch import watch
    return watch(root, arguments.name)


def _hint(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal import commands
    return commands.hint(root, arguments.name, arguments.number)


def _solution(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal import commands
    return commands.solution(root, arguments.name, arguments.yes)


def _reset(arguments: argparse.Namespace, root: Path) -> int:
    from course.terminal import commands
    return commands.reset(root, arguments.name, arguments.undo, arguments.yes)
