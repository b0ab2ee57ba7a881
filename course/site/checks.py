"""The checks of the exercises, published so that the page can run them: `_static/exercises/<lesson>/<exercise>/`.

`exercise.json` there says what the answer's file is called, what the checks need, and which files belong to them: with
`checks.py` whatever else lies in the exercise's folder that is not for the reader.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from course.check import exercise
from course.check.exercise import Exercise
from course.site import placing

FOLDER = Path("_static") / "exercises"
FOR_READERS = ("task.md", "hints.md", "right", "wrong", "__pycache__")


def files(task: Exercise) -> list[str]:
    """Return the files that the checks of an exercise consist of, `checks.py` among them."""
    return sorted(path.relative_to(task.folder).as_posix() for path in _ours(task.folder) if path.is_file())


def _ours(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name not in FOR_READERS and path.stem != "solution" and not path.name.startswith("."):
            yield from path.rglob("*") if path.is_dir() else (path,)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the checks of all exercises that pages place, and remove those of earlier builds."""
    if exception or app.builder.format != "html":
        return
    root, target = Path(app.env.srcdir), Path(app.outdir, FOLDER)
    shutil.rmtree(target, ignore_errors=True)
    for address in sorted({one.address for page in placing.of(app.env).values() for one in page
                           if one.kind == "exercise"}):
        _write(exercise.load(root, address), target / address)


def _write(task: Exercise, target: Path) -> None:
    names = files(task)
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(task.folder / name, target / name)
    about = {"name": f"{task.name}{task.suffix}", "needs": task.needs, "fingerprint": task.fingerprint, "files": names}
    (target / "exercise.json").write_text(json.dumps(about), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Publish at the end."""
    app.connect("build-finished", publish)
