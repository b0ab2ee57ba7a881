"""The pages on a server that is not ours: Jupyter's own, below an address of its own, as on a hub or on Binder."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from local_server import Server
from made_up import build_site
from playwright.sync_api import Browser

from course.proof import chromium

ROOT = Path(__file__).parents[2]
BASE, TOKEN = "/user/ann/", "a-token-of-the-test"
COMMAND = ("-m", "jupyter_server", "--ServerApp.port=0", "--ServerApp.open_browser=False", "--allow-root",
           f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={TOKEN}")


@dataclass(frozen=True)
class Hub:
    server: Server

    def ask(self, path: str, method: str = "GET", body: str | None = None) -> tuple[int, str]:
        reply = self.server.ask(BASE + path, method, body, Authorization=f"token {TOKEN}")
        return reply.status, reply.body


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Jupyter's server with the settings that binder/postBuild puts into the image."""
    folder = tmp_path_factory.mktemp("hub")
    root, log = build_site(folder / "course"), folder / "log"
    home = {name: str(folder) for name in ("HOME", "USERPROFILE", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, *COMMAND], cwd=root, stdout=output, stderr=subprocess.STDOUT,
                                   env=os.environ | home | {"JUPYTER_CONFIG_PATH": str(ROOT / "binder")})
    port, deadline = None, time.monotonic() + 60
    while not port and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
        port = re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text(encoding="utf-8"))
    assert port, log.read_text(encoding="utf-8")
    yield Hub(Server(process, root, folder, log, int(port[1]), TOKEN))
    process.terminate()
    process.wait(30)


def test_a_page_says_where_its_kernels_are(hub: Hub) -> None:
    status, page = hub.ask("course/tiers/demo.html")
    assert status == 200
    assert f'data-course-server="{BASE}"' in page


def test_strangers_get_nothing(hub: Hub) -> None:
    for path in ("course/tiers/demo.html", "course/_static/page.js", "api/course/progress"):
        assert hub.server.ask(BASE + path).status in (302, 403), path


@pytest.mark.parametrize(("exercise", "answer"), [
    ("demo/add", "def add(a, b):\n    return a + b\n"), ("demo/rows", "SELECT count(*) FROM book\n")])
def test_answers_are_checked_there_with_a_database(hub: Hub, exercise: str, answer: str) -> None:
    work = hub.server.root / "work" / f"{exercise}{'.sql' if 'rows' in exercise else '.py'}"
    work.parent.mkdir(parents=True, exist_ok=True)
    work.write_text(answer, encoding="utf-8")
    status, body = hub.ask(f"api/course/check/{exercise}", "POST", "{}")
    assert status == 200, body
    assert json.loads(body)["result"]["status"] == "pass"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as started:
        yield started


@pytest.mark.browser
def test_a_cell_runs_through_the_page(hub: Hub, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{hub.server.origin}{BASE}course/tiers/demo.html?token={TOKEN}")
    value = page.evaluate("""async (base) => {
      const { JupyterTransport } = await import(`${base}course/_static/run/jupyter.mjs`);
      const kernel = new JupyterTransport(document.documentElement.dataset.courseServer, { path: "tiers/demo.ipynb" });
      const outputs = [];
      const onOutput = (output) => outputs.push(output);
      const { status } = await kernel.run("import beside; beside.answer", { onOutput });
      return [status, outputs.at(-1)?.data?.["text/plain"]];
    }""", BASE)
    assert value == ["ok", "42"]
    page.context.close()
