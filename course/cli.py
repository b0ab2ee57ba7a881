"""The command `course`. Each command is a thin function; its logic lives in the room it belongs to."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course import repository
from course.terminal import arguments as exercises


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name (those of the process unless given) and return its exit code.

    Every command gets its arguments and the repository's root, and returns an exit code.
    """
    parsed = _parser().parse_args(arguments)
    try:
        root = repository.root()
    except FileNotFoundError as error:
        return _fail(error)
    return int(parsed.run(parsed, root))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="course", description="Introduction to Software Engineering")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="open the built site with kernels on this machine")
    serve.add_argument("--port", type=_port, help="this port or none (8888, or the next free one; 0: any)")
    serve.add_argument("--no-browser", action="store_true", help="print the address only")
    serve.set_defaults(run=_serve)

    exercises.add(commands)

    new = commands.add_parser("new", help="start a lesson from the template")
    new.add_argument("kind", choices=["lesson"])
    new.add_argument("address", help="where it is to be, such as tiers/1_foundations/threads_gil")
    new.set_defaults(run=_new)
    return parser


def _new(arguments: argparse.Namespace, root: Path) -> int:
    from course.proof import new_lesson
    try:
        made = new_lesson.start(root, arguments.address)
    except new_lesson.NewLessonError as error:
        return _fail(error)
    print(f"{made.relative_to(root)} is made from the template. Next:")
    print(new_lesson.next_steps(made.relative_to(root).with_suffix("").as_posix()))
    return 0


def _serve(arguments: argparse.Namespace, root: Path) -> int:
    try:
        # Imported here because it takes a second, which no other command should pay.
        from course.serve.port import PortError
        from course.serve.start import NotBuiltError, serve
        try:
            serve(root, arguments.port, not arguments.no_browser)
        except (NotBuiltError, PortError) as error:
            return _fail(error)
    except KeyboardInterrupt:  # Ctrl-C before the server was up
        pass
    return 0


def _fail(error: Exception) -> int:
    print(f"course: {error}", file=sys.stderr)
    return 1


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not a port: name one from 1 to 65535, or 0 for any free")
    return number


if __name__ == "__main__":
    sys.exit(main())
