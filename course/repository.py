"""Where the course's content is."""

from pathlib import Path


def root(start: Path | None = None) -> Path:
    """Return the repository root: the nearest ancestor of `start` that holds `_toc.yml`.

    `start` is the working directory unless given. Raises FileNotFoundError outside the course.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "_toc.yml").is_file():
            return folder
    raise FileNotFoundError(f"{here}: no _toc.yml here or above it; change into the folder of the course first")
