"""The page's transport to a kernel, in a real browser, on the real server."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from local_server import Server
from playwright.sync_api import Browser, Page

from course.proof import chromium

pytestmark = pytest.mark.browser

# What a page does with the transport, and the browser's own sockets to cut or to make older.
SCRIPT = """async ([path, protocols]) => {
  const { JupyterTransport } = await import("/course/_static/run/jupyter.mjs");
  const Own = WebSocket;
  globalThis.sockets = [];
  globalThis.WebSocket = class extends Own {
    constructor(url, offered) { super(url, protocols && offered.length ? protocols : offered); sockets.push(this); }
  };
  globalThis.states = [];
  globalThis.kernel = new JupyterTransport("/", { path, onState: (state, words) => states.push([state, words]) });
  globalThis.outputs = [];
  globalThis.cell = (source, answer) => kernel.run(source, { onOutput: (output) => {
    outputs.push(output);
    if (output.type === "input") output.reply(answer);
  } });
  globalThis.until = async (holds) => { while (!holds()) await new Promise((go) => setTimeout(go, 20)); };
  globalThis.printed = () => outputs.filter(({ type }) => type === "stream").map(({ text }) => text).join("");
}"""
LOST = "Run them again."


class Lesson:
    """A lesson's page with its transport."""

    def __init__(self, server: Server, browser: Browser, path: str, protocols: list[str] | None = None) -> None:
        self.server, self.path = server, path
        self.page: Page = browser.new_context().new_page()
        self.page.set_default_timeout(60_000)
        self.sign_in(self.page)
        self.page.evaluate(SCRIPT, [path, protocols])

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.server.origin}/course/tiers/demo.html?token={self.server.token}")

    def js(self, source: str) -> Any:
        return self.page.evaluate(source)

    def run(self, source: str, answer: str = "") -> tuple[str, list[dict[str, Any]]]:
        """Run a cell; return its status and outputs."""
        self.js("() => { outputs.length = 0; }")
        ended = self.page.evaluate("([source, answer]) => cell(source, answer)", [source, answer])
        return ended["status"], self.js("JSON.parse(JSON.stringify(outputs))")

    def value(self, source: str) -> str:
        """Return the text of the cell's value."""
        status, outputs = self.run(source)
        assert status == "ok", outputs
        return str(outputs[-1]["data"]["text/plain"])

    def words(self) -> str:
        """Return the latest sentence for the reader."""
        return str(self.js("states.map(([, words]) => words).filter(Boolean).at(-1) ?? ''"))

    def state(self) -> str:
        return str(self.js("states.at(-1)[0]"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as started:
        yield started


@pytest.fixture
def lesson(server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Lesson]:
    """A page of its own for each test, with a kernel of its own."""
    opened = Lesson(server, browser, f"tiers/{request.node.name}.ipynb")
    yield opened
    opened.js("kernel.close()")
    headers = server.sign_in()
    for session in json.loads(server.ask("/api/sessions", **headers).body):
        server.ask(f"/api/sessions/{session['id']}", "DELETE", **headers)
    opened.page.context.close()


# Messages

def test_what_a_cell_shows(lesson: Lesson) -> None:
    status, outputs = lesson.run("import sys\nprint('a')\nprint('b', file=sys.stderr)\n6 * 7")
    assert status == "ok"
    assert outputs == [{"type": "stream", "name": "stdout", "text": "a\n"},
                       {"type": "stream", "name": "stderr", "text": "b\n"},
                       {"type": "display", "data": {"text/plain": "42"}, "metadata": {}}]


def test_an_error_has_a_traceback_without_colours(lesson: Lesson) -> None:
    status, [error] = lesson.run("def half(x):\n    return x / 0\nhalf(1)")
    assert (status, error["type"], error["name"], error["message"]) == (
        "error", "error", "ZeroDivisionError", "division by zero")
    assert "----> 2     return x / 0" in error["traceback"]
    assert "\x1b" not in error["traceback"]
    assert lesson.state() == "idle"


def test_pictures_and_displays_that_change(lesson: Lesson) -> None:
    _, outputs = lesson.run("from IPython.display import SVG, display, clear_output\n"
                            "shown = display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), display_id='one')\n"
                            "shown.update(7)\nclear_output(wait=True)")
    first, second, clear = outputs
    assert (first["data"]["image/svg+xml"][:4], first["id"]) == ("<svg", "one")
    assert (second["data"]["text/plain"], second["id"], second["update"]) == ("7", "one", True)
    assert clear == {"type": "clear", "wait": True}


def test_input_is_asked_of_the_reader(lesson: Lesson) -> None:
    status, outputs = lesson.run("name = input('Who? ')\nprint('Hello', name)", "Ada €")
    assert (status, outputs[0]["prompt"], outputs[0]["password"]) == ("ok", "Who? ", False)
    assert outputs[-1]["text"] == "Hello Ada €\n"


def test_a_task_may_print_after_its_cell(lesson: Lesson) -> None:
    assert lesson.run("import asyncio\nasync def late():\n    await asyncio.sleep(0.2)\n    print('late')\n"
                      "task = asyncio.create_task(late())")[0] == "ok"
    lesson.js("until(() => printed().includes('late'))")


def test_the_older_protocol_does_too(server: Server, browser: Browser) -> None:
    older = Lesson(server, browser, "tiers/older.ipynb", protocols=["of.no.server"])
    assert older.value("'€' * 2") == "'€€'"
    assert older.js("sockets.at(-1).protocol") == ""
    older.page.context.close()


def test_many_lines_arrive_or_are_said_to_be_missing(lesson: Lesson) -> None:
    status, outputs = lesson.run("for number in range(300_000):\n    print(number)\n'end'")
    text = "".join(output["text"] for output in outputs if output["type"] == "stream")
    assert (status, outputs[-1]["data"]) == ("ok", {"text/plain": "'end'"})
    assert text.endswith("\n299999\n") or "a part of the output is missing" in text
    assert lesson.value("1") == "1"


def test_the_token_is_in_no_request_and_nothing_is_refused_by_the_policy(lesson: Lesson) -> None:
    seen: list[tuple[str, str]] = []
    complaints: list[str] = []
    lesson.page.on("request", lambda request: seen.append((request.url, str(request.headers))))
    lesson.page.on("websocket", lambda channel: seen.append((channel.url, "")))
    lesson.page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    assert lesson.value("1") == "1"
    assert lesson.js("kernel.restart()")["where"] == "kernel"
    assert {url.split("/")[0] for url, _ in seen} == {"http:", "ws:"}
    assert [url for url, headers in seen if lesson.server.token in url + headers] == []
    kept = lesson.js("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href,"
                     " document.referrer, document.documentElement.outerHTML])")
    assert lesson.server.token not in kept
    assert complaints == []


# One kernel for each lesson

def test_a_lesson_works_in_its_folder_also_after_a_restart(lesson: Lesson) -> None:
    where = "import os, beside\n'|'.join([os.getcwd(), str(beside.answer), os.environ['JPY_SESSION_NAME']])"
    expected = repr(f"{lesson.server.root / 'tiers'}|42|{lesson.server.root / lesson.path}")
    assert lesson.value(where) == expected
    assert lesson.js("kernel.restart()")["found"] is False
    assert lesson.value(where) == expected


def test_the_kernel_is_found_again_and_shared(lesson: Lesson, browser: Browser) -> None:
    assert lesson.js("kernel.start()")["found"] is False
    assert lesson.run("x = 41")[0] == "ok"
    again = Lesson(lesson.server, browser, lesson.path)
    assert again.js("kernel.start()") == lesson.js("kernel.start()") | {"found": True}
    assert again.value("x + 1") == "42"
    sessions = json.loads(lesson.server.ask("/api/sessions", **lesson.server.sign_in()).body)
    assert [session["path"] for session in sessions].count(lesson.path) == 1
    again.page.context.close()


def test_another_page_s_cell_is_seen_to_run(lesson: Lesson, browser: Browser, tmp_path: Path) -> None:
    other = Lesson(lesson.server, browser, lesson.path)
    lesson.js("kernel.start()")
    begun = tmp_path / "begun"
    code = json.dumps(f"import time\nopen({str(begun)!r}, 'w').close()\ntime.sleep(60)")
    other.js(f"() => {{ globalThis.slow = cell({code}); }}")
    deadline = time.monotonic() + 60
    while not begun.exists():  # an interrupt before that would find nothing to interrupt
        assert time.monotonic() < deadline
        time.sleep(0.05)
    lesson.js("until(() => states.at(-1)[0] === 'busy')")
    assert lesson.js("kernel.interrupt()") == {"namesLost": False}
    assert other.js("slow")["status"] == "error"  # this page did not ask for it
    other.page.context.close()


def test_the_kernel_that_waits_is_handed_over_and_nobody_sees_it_before(start: Callable[..., Server],
                                                                      browser: Browser) -> None:
    server = start("--no-browser", "--port", "0")
    page = Lesson(server, browser, "tiers/demo.ipynb")
    page.js("until(() => true)")
    deadline = time.monotonic() + 60
    while not _spare(server)["waiting"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    waiting = [process.pid for process in psutil.Process(server.process.pid).children() if _is_kernel(process)]
    headers = server.sign_in()
    assert [json.loads(server.ask(f"/api/{what}", **headers).body) for what in ("kernels", "sessions")] == [[], []]
    memory = _spare(server)["memory"]
    assert memory == pytest.approx(psutil.Process(waiting[0]).memory_info().rss, rel=0.2)
    assert page.value("import os; os.getpid()") == str(waiting[0])
    assert page.value("sorted(name for name in globals() if name[0] != '_' and name not in ('In', 'Out'))") == (
        "['exit', 'get_ipython', 'open', 'os', 'quit']")
    assert page.value("len(In)") == "4"  # the cells of the page and nothing before them
    assert len(json.loads(server.ask("/api/kernels", **headers).body)) == 1
    page.page.context.close()


# Stop and restart

def test_stop_ends_what_runs_and_what_waits_and_keeps_the_names(lesson: Lesson) -> None:
    lesson.run("kept = 5")
    lesson.js("() => { globalThis.both = [cell('while True: pass'), cell('kept = 6')]; }")
    lesson.js("until(() => states.at(-1)[0] === 'busy')")
    time.sleep(0.3)
    assert lesson.js("kernel.interrupt()") == {"namesLost": False}
    assert [ended["status"] for ended in lesson.js("Promise.all(both)")] == ["interrupted", "interrupted"]
    assert lesson.value("kept") == "5"


@pytest.mark.parametrize("stubborn", [
    "import asyncio\nawait asyncio.sleep(100)",
    "import time\nwhile True:\n    try:\n        time.sleep(100)\n    except KeyboardInterrupt:\n        pass",
])
def test_stop_escalates_to_a_restart(lesson: Lesson, stubborn: str) -> None:
    lesson.run("kept = 5")
    lesson.page.evaluate("(source) => { globalThis.slow = cell(source); }", stubborn)
    lesson.js("until(() => states.at(-1)[0] === 'busy')")
    time.sleep(0.3)
    assert lesson.js("kernel.interrupt()") == {"namesLost": True}
    assert lesson.js("slow")["status"] == "interrupted"
    assert LOST in lesson.words()
    assert lesson.value("'kept' in globals()") == "False"


def test_stop_without_anything_to_stop(lesson: Lesson) -> None:
    assert lesson.js("kernel.interrupt()") == {"namesLost": False}
    lesson.run("1")
    assert lesson.js("kernel.interrupt()") == {"namesLost": False}


# Losses

def test_output_while_the_connection_is_lost_is_not(lesson: Lesson) -> None:
    lesson.js("""async () => {
      globalThis.slow = cell("import time\\nfor number in range(40):\\n    print(number, flush=True)\\n"
        + "    time.sleep(0.05)");
      await until(() => printed().includes("10"));
      sockets.at(-1).close();
    }""")
    assert lesson.js("slow")["status"] == "ok"
    assert lesson.js("printed()") == "".join(f"{number}\n" for number in range(40))
    assert "Looking for it again" in lesson.words()
    lesson.js("until(() => states.at(-1)[0] === 'idle')")


def test_output_that_is_lost_is_said_to_be(lesson: Lesson) -> None:
    """While another page is connected the server keeps nothing for this one."""
    lesson.js("kernel.start()")
    headers = lesson.server.sign_in()
    [kernel] = [session["kernel"]["id"] for session in json.loads(lesson.server.ask("/api/sessions", **headers).body)
                if session["path"] == lesson.path]
    other = lesson.server.connect(kernel, headers)
    lesson.js("""async () => {
      globalThis.slow = cell("import time\\nfor number in range(20):\\n    print(number, flush=True)\\n"
        + "    time.sleep(0.05)");
      await until(() => printed().includes("5"));
      sockets.at(-1).close();
    }""")
    assert lesson.js("slow")["status"] in ("ok", "lost")
    assert "and with it a part of this output" in lesson.js("printed()")
    assert lesson.value("1") == "1"
    other.close()


def test_a_cell_is_followed_whenever_the_connection_is_lost(lesson: Lesson) -> None:
    lesson.js("kernel.start()")
    lesson.js("""async () => {
      const early = cell("1");
      sockets.at(-1).close();  // before it was sent
      if ((await early).status !== "ok") throw new Error("the first cell");
      globalThis.slow = cell("import time\\ntime.sleep(1)\\nx = 8\\n'end'");
      await until(() => states.at(-1)[0] === "busy");
      sockets.at(-1).close();
    }""")
    assert lesson.js("slow")["status"] == "ok"
    assert lesson.js("outputs.at(-1).data['text/plain']") == "'end'"


@pytest.mark.parametrize("end", ["import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_kernel_that_ended_is_told_and_there_is_another(lesson: Lesson, end: str) -> None:
    lesson.run("x = 1")
    if "SIGKILL" in end and not hasattr(signal, "SIGKILL"):
        pytest.skip("Windows has no SIGKILL")
    status, [error] = lesson.run(end)
    assert (status, error["type"]) == ("lost", "error")
    assert "Python ended in the middle of the cell" in error["message"]
    assert lesson.value("'x' in globals()") == "False"
    assert "Python ended" in lesson.words()


def test_a_kernel_that_was_ended_by_others_is_told(lesson: Lesson) -> None:
    lesson.run("x = 1")
    headers = lesson.server.sign_in()
    for kernel in json.loads(lesson.server.ask("/api/kernels", **headers).body):
        lesson.server.ask(f"/api/kernels/{kernel['id']}", "DELETE", **headers)
    lesson.js("until(() => states.at(-1)[0] === 'lost')")
    assert "Python was ended" in lesson.words()
    assert lesson.value("'x' in globals()") == "False"


def test_a_restart_by_others_is_told(lesson: Lesson) -> None:
    lesson.run("x = 1")
    headers = lesson.server.sign_in()
    for kernel in json.loads(lesson.server.ask("/api/kernels", **headers).body):
        assert lesson.server.ask(f"/api/kernels/{kernel['id']}/restart", "POST", "{}", **headers).status == 200
    lesson.js(f"until(() => states.at(-1)[1].includes('{LOST}'))")
    assert lesson.value("'x' in globals()") == "False"


def test_a_page_that_slept_looks_for_its_kernel(lesson: Lesson) -> None:
    lesson.run("x = 1")
    lesson.js("() => { dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); }")
    lesson.js("() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }")
    assert lesson.value("x") == "1"
    lesson.js("() => { dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); }")
    assert lesson.value("x") == "1"


def test_a_killed_server_is_told_and_a_new_one_is_used(start: Callable[..., Server], browser: Browser) -> None:
    server = start("--no-browser", "--port", "0")
    lesson = Lesson(server, browser, "tiers/demo.ipynb")
    lesson.js("() => { document.body.insertAdjacentHTML('beforeend', '<textarea>my text</textarea>'); }")
    lesson.run("x = 1")
    lesson.js("() => { globalThis.slow = cell('import time; time.sleep(100)'); }")
    lesson.js("until(() => states.at(-1)[0] === 'busy')")
    server.process.kill()
    server.process.wait(30)
    assert lesson.js("slow")["status"] == "lost"
    assert lesson.state() == "lost"
    assert "start it again" in lesson.words()
    assert "start it again" in lesson.js("outputs.at(-1).message")
    status, [error] = lesson.run("1")
    assert (status, "start it again" in error["message"]) == ("lost", True)
    _on_the_same_port(start, lesson, browser)
    assert lesson.page.locator("textarea").input_value() == "my text"
    lesson.page.context.close()


def _on_the_same_port(start: Callable[..., Server], lesson: Lesson, browser: Browser) -> None:
    anew = start("--no-browser", "--port", str(lesson.server.port))
    status, [error] = lesson.run("1")
    assert (status, "Open the address that the terminal shows" in error["message"]) == ("lost", True)
    lesson.server = anew
    lesson.sign_in(lesson.page.context.new_page())
    assert lesson.value("'x' in globals()") == "False"
    assert LOST in lesson.words()


def _spare(server: Server) -> dict[str, Any]:
    spare: dict[str, Any] = json.loads(server.ask("/api/course", **server.sign_in()).body)["kernel"]
    return spare


def _is_kernel(process: psutil.Process) -> bool:
    return any("ipykernel" in part for part in process.cmdline())
