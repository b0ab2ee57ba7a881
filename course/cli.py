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

    prove = commands.add_parser("prove", help="prove that the checks of exercises refuse wrong answers")
    prove.add_argument("addresses", nargs="*", metavar="ADDRESS", help="a lesson, LESSON/EXERCISE or LESSON/quiz")
    prove.set_defaults(run=_prove)

    doctor = commands.add_parser("doctor", help="look at this machine, and say what to do where lessons cannot run")
    doctor.set_defaults(run=_doctor)

    new = commands.add_parser("new", help="start a lesson, an exercise or a quiz from the template")
    new.add_argument("kind", choices=["lesson", "exercise", "quiz"])
    new.add_argument("address", help="tiers/1_foundations/threads_gil, threads_gil/count_turns, or threads_gil")
    new.set_defaults(run=_new)
    return parser


def _new(arguments: argparse.Namespace, root: Path) -> int:
    from course.proof import new_exercise, new_lesson
    start, next_steps = {
        "lesson": (new_lesson.start, new_lesson.next_steps),
        "exercise": (new_exercise.start_exercise, new_exercise.next_steps),
        "quiz": (new_exercise.start_quiz, new_exercise.next_steps)}[arguments.kind]
    try:
        made = start(root, arguments.address).relative_to(root)
    except (new_lesson.NewLessonError, new_exercise.NewExerciseError) as error:
        return _fail(error)
    print(f"{made.as_posix()} is made from the template. Next:")
    print(next_steps(made.as_posix()))
    return 0


def _prove(arguments: argparse.Namespace, root: Path) -> int:
    from course.proof import prove
    try:
        return prove.command(root, arguments.addresses)
    except KeyboardInterrupt:
        return 130


def _doctor(arguments: argparse.Namespace, root: Path) -> int:
    from course.proof import doctor
    try:
        return doctor.command(root)
    except KeyboardInterrupt:
        return 130


def _serve(arguments: argparse.Namespace, root: Path) -> int:
    try:
        # Imported here because it takes a second, which no other command should pay.
        from course.serve.port import PortError
        from course.serve.start import NotBuiltError, serve
        from course.services import scratch
        try:
            serve(root, arguments.port, not arguments.no_browser, scratch.resources)
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
