"""The same content as a default Jupyter Book: no extension, template or style of ours, built beside our site.

What only our extension understands (roles, directives) is reported by that build and left as text: no page is lost.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

CONTENT = ("tiers", "book", "cheatsheets", "exam", "roadmap")
OURS = shutil.ignore_patterns("_static", "_templates", "__pycache__", ".ipynb_checkpoints")


class DefaultBuildError(RuntimeError):
    """The default book was not built; the message holds the end of what the build said."""


def build(root: Path, folder: Path) -> Path:
    """Build the content of the course at `root` in the empty folder `folder`; return the folder of its pages.

    Raises DefaultBuildError.
    """
    for name in CONTENT:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=OURS)
    shutil.copyfile(root / "_toc.yml", folder / "_toc.yml")
    (folder / "_config.yml").write_text(config((root / "_config.yml").read_text(encoding="utf-8")), encoding="utf-8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(folder), "-q"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace",
                          check=False)
    site = folder / "_build" / "html"
    if done.returncode or not (site / "index.html").is_file():
        raise DefaultBuildError(f"the default book was not built:\n{done.stderr[-2000:]}")
    return site


def config(ours: str) -> str:
    """Return the settings of a default book: of `ours`, the text of _config.yml, what says what the book is."""
    settings = yaml.safe_load(ours)
    kept = {name: settings[name] for name in ("title", "author", "only_build_toc_files") if name in settings}
    return yaml.safe_dump({**kept, "execute": {"execute_notebooks": "off"}})
