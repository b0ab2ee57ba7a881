"""What the course's pages ask of the local server: the learner's progress, their answers, and checks of them.

Every answer is JSON; every refusal has a sentence for the learner in its `message`. Texts and progress are the files
in `work/`, the same that the terminal, JupyterLab and any editor see.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from course.check import progress, progress_file, work
from course.check.progress import ProgressError
from course.check.runner import Resource
from course.serve import answers
from course.serve.answers import Changed
from course.serve.talk import CourseHandler, Refusal, in_thread, in_words

LARGEST_PROGRESS = 4 << 20  # bytes
RESOURCES = "course_resources"  # the setting with what checks need; see `Resources`
AT_ONCE = 2  # checks that run at the same time

Resources = Callable[[Path, Iterable[str]], Mapping[str, Resource]]
"""Returns what the checks of the exercise in a folder are handed in, by the words of its `needs:` line.

What cannot be made raises RuntimeError with a sentence for the learner, then or when a check asks for it.
"""

def handlers(base_url: str, root: Path) -> list[tuple[str, type[APIHandler], dict[str, Any]]]:
    """Return the routes below `<base_url>api/course` for the course at `root`."""
    base, given = re.escape(url_path_join(base_url, "api", "course")), {"root": root}
    address = "([^/]+/[^/]+)"
    return [(base, ServerHandler, given), (f"{base}/progress", ProgressHandler, given),
            (f"{base}/work/{address}", WorkHandler, given), (f"{base}/work/{address}/reset", ResetHandler, given),
            (f"{base}/check/{address}", CheckHandler, given)]


class ServerHandler(CourseHandler):
    """What the page may say of this server."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell whether a kernel waits, and how much memory it takes."""
        memory = getattr(self.kernel_manager, "spare_memory", lambda: None)()
        self.tell(200, {"kernel": {"waiting": memory is not None, "memory": memory}})


class ProgressHandler(CourseHandler):
    """The progress document, merged with every copy that is sent."""

    @web.authenticated
    @authorized
    @in_words
    async def get(self) -> None:
        """Send the document."""
        self._tell(await in_thread(lambda: progress_file.load(work.progress_path(self.root))))

    @web.authenticated
    @authorized
    @in_words
    async def put(self) -> None:
        """Merge a copy into the document and send what came out. What is no document changes nothing."""
        if len(self.request.body) > LARGEST_PROGRESS:
            raise Refusal(413, f"This progress is larger than {LARGEST_PROGRESS >> 20} MB and was not stored.")
        try:
            sent = progress.parse(self.request.body.decode())
        except (UnicodeDecodeError, ProgressError) as error:
            raise Refusal(400, f"This is no progress of the course and was not stored: {error}.") from None
        self._tell(await in_thread(lambda: progress_file.save(work.progress_path(self.root), sent)))

    def _tell(self, loaded: progress_file.Loaded) -> None:
        text = progress.dump(loaded.progress)
        tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        # A message must reach the page even when it knows the document already.
        self.tell(200, {"progress": json.loads(text), "message": loaded.message}, None if loaded.message else tag)


class WorkHandler(CourseHandler):
    """The text of an answer."""

    @web.authenticated
    @authorized
    @in_words
    async def get(self, address: str) -> None:
        """Send the text, which is the starter as long as there is no file."""
        task = self.exercise(address)
        self.tell_answer(task, await in_thread(lambda: answers.read(self.root, task)))

    @web.authenticated
    @authorized
    @in_words
    async def put(self, address: str) -> None:
        """Store a text in place of the one that the page knows."""
        if len(self.request.body) > 2 * answers.LARGEST:  # JSON may be longer than the text in it
            raise Refusal(413, f"This text is larger than {answers.LARGEST >> 20} MB and was not stored.")
        task, text, known = self.exercise(address), self.json().get("text"), self.request.headers.get("If-Match")
        if not isinstance(text, str):
            raise Refusal(400, "The request holds no text, so nothing was stored.")
        if known is None:
            raise Refusal(428, "The request does not say which text it replaces (If-Match), so nothing was stored.")
        self.tell_answer(task, await in_thread(lambda: answers.write(self.root, task, text, known)))


class ResetHandler(CourseHandler):
    """Beginning anew, and taking that back."""

    @web.authenticated
    @authorized
    @in_words
    async def post(self, address: str) -> None:
        """Put the text aside and the starter in its place; with `undo` bring it back."""
        task, undo = self.exercise(address), self.json().get("undo") is True
        answers.inside(self.root, task)
        path = await in_thread(lambda: (work.undo_reset if undo else work.reset)(self.root, task))
        name = path.relative_to(self.root).as_posix() if path else ""
        message = {(True, True): "Your text is as before the reset.",
                   (True, False): "There is no reset to take back.",
                   (False, True): f"Your text was put aside, into {name}.", (False, False): ""}[undo, bool(path)]
        self.tell_answer(task, await in_thread(lambda: answers.read(self.root, task)), message=message)


class CheckHandler(CourseHandler):
    """Checks of an answer, with this machine's Python and what they need besides."""

    auth_resource = "kernels"
    turns: ClassVar[asyncio.Semaphore] = asyncio.Semaphore(AT_ONCE)

    @web.authenticated
    @authorized
    @in_words
    async def post(self, address: str) -> None:
        """Check the file, note in the progress how it went, and send both."""
        task = self.exercise(address)
        resources: Resources | None = self.settings.get(RESOURCES)
        if "postgres" in task.needs and resources is None:
            raise Refusal(501, "This server has no PostgreSQL for checks. Check it in a terminal instead: "
                          f"`course check {task.name}`.")
        known = self.request.headers.get("If-Match")
        now = await in_thread(lambda: answers.read(self.root, task))
        if known not in (None, "*", now.tag):
            raise Changed(now)
        given = resources(task.folder, task.needs) if resources else {}
        async with self.turns:
            before = await in_thread(lambda: progress_file.load(work.progress_path(self.root)))
            result = await in_thread(lambda: work.attempt(self.root, task, given))
            after = await in_thread(lambda: progress_file.load(work.progress_path(self.root)))
        self.tell(200, {"result": result.to_json(), "progress": json.loads(progress.dump(after.progress)),
                        "message": before.message or after.message})
