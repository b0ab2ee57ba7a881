"""How the course's API answers: JSON always, a sentence for every refusal, and no work in the server's own thread."""

import asyncio
import functools
import json
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.base.handlers import APIHandler

from course.check import exercise, work
from course.check.cut import CutError
from course.check.exercise import Exercise, ExerciseError
from course.check.progress_file import ProgressBusy
from course.check.runner import ChecksError
from course.serve.answers import Answer, AnswerError, Changed

Value = TypeVar("Value")


class Refusal(Exception):
    """What is asked for cannot be done; `message` is a sentence for the learner."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def in_words(method: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Answer with a sentence what a learner, an author or a full disk can cause."""
    @functools.wraps(method)
    async def told(self: "CourseHandler", *arguments: str) -> None:
        try:
            await method(self, *arguments)
        except Refusal as refusal:
            self.tell(refusal.status, {"message": str(refusal)})
        except ExerciseError as error:
            self.tell(404, {"message": str(error)})
        except Changed as changed:
            self.tell_changed(changed.now)
        except AnswerError as error:
            self.tell(422, {"message": str(error)})
        except ProgressBusy as error:
            self.tell(503, {"message": f"{error}. Try again."})
        except (CutError, ChecksError, OSError, RuntimeError) as error:
            self.tell(500, {"message": str(error)})
    return told


class CourseHandler(APIHandler):
    """What all have in common. `root` is the folder of the course."""

    auth_resource = "contents"
    root: Path
    tag: str | None = None

    def initialize(self, root: Path) -> None:
        """Remember where the course is."""
        self.root = root

    def compute_etag(self) -> str | None:
        """Return the tag of the text that is sent; tornado compares it with that of a GET."""
        return self.tag

    def tell(self, status: int, body: dict[str, Any], tag: str | None = None) -> None:
        """Send the answer."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.tag = tag
        if tag and (status != 200 or self.request.method != "GET"):  # with that, tornado adds and compares it
            self.set_header("ETag", tag)
        self.finish(json.dumps(body))

    def tell_changed(self, now: Answer) -> None:
        """Answer a page that knew another text than is in the file."""
        message = ("The file in work/ was changed since this page read it, in an editor or on another page: choose "
                   "which text to keep.")
        self.tell(409, {"message": message, "text": now.text, "yours": self.json().get("text")}, now.tag)

    def tell_answer(self, task: Exercise, now: Answer, **more: str) -> None:
        """Send a text with what a page wants to know of it."""
        path = work.answer_path(self.root, task).relative_to(self.root).as_posix()
        self.tell(200, {"text": now.text, "path": path, "untouched": now.text == task.starter,
                        "starter": task.starter, **more}, now.tag)

    def json(self) -> dict[str, Any]:
        """Return the object in the body; an empty one when there is no body. Raises Refusal."""
        try:
            body = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise Refusal(400, "The request is not understood: its body must be a JSON object.")
        return body

    def exercise(self, address: str) -> Exercise:
        """Return the exercise at the address. Raises ExerciseError, CutError."""
        return exercise.load(self.root, address)


async def in_thread(action: Callable[[], Value]) -> Value:
    """Return what `action` returns, run beside the server; one that still runs does not keep the server from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Value] = loop.create_future()

    def settle(change: Callable[[], None]) -> None:
        if not done.done():
            change()

    def run() -> None:
        try:
            value = action()
        except BaseException as error:  # it belongs to whoever waits
            outcome = functools.partial(done.set_exception, error)
        else:
            outcome = functools.partial(done.set_result, value)
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, name="course api", daemon=True).start()
    return await done
