"""Execute the notebooks and compare every output with the stored one (nbval)."""

import os
import random
import subprocess
import sys
from pathlib import Path

from course import repository
from course.proof import notebook_files

CELL_TIMEOUT = 60  # seconds; nbval's own default is 2000


def command(root: Path, notebooks: list[Path], workers: int, *more: str) -> list[str]:
    """Return the pytest call that proves `notebooks`.

    `loadscope` keeps a notebook on one worker: pytest-xdist's default splits it over several and hangs.
    """
    spread = ["-n", str(workers), "--dist", "loadscope"] if workers > 1 else ["-p", "no:xdist"]
    return [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env",
            f"--nbval-cell-timeout={CELL_TIMEOUT}", f"--nbval-sanitize-with={root / 'tests' / 'nbval_sanitize.cfg'}",
            "-p", "no:cacheprovider", "-W", "default", *spread, *more, *map(str, notebooks)]


def shuffled(notebooks: list[Path], seed: str) -> list[Path]:
    """Return the notebooks in an order of chance, which the same `seed` gives again: no lesson may need another one."""
    return random.Random(seed).sample(notebooks, len(notebooks))


def main(arguments: list[str]) -> int:
    """Prove the named lessons, all without names; return the exit status.

    `--shuffle=SEED` changes their order; other options (`--junitxml=...`) go to pytest.
    """
    root = repository.root()
    names = [argument for argument in arguments if not argument.startswith("-")]
    seeds = [argument.partition("=")[2] for argument in arguments if argument.startswith("--shuffle")]
    options = [argument for argument in arguments if argument.startswith("-") and not argument.startswith("--shuffle")]
    try:
        notebooks = notebook_files.chosen(root, names)
    except (ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    if seeds:
        notebooks = shuffled(notebooks, seeds[0])
        options.append("--no-loadscope-reorder")  # otherwise xdist begins with the longest
    workers = min(2, len(notebooks))
    return subprocess.call(command(root, notebooks, workers, *options), cwd=root,
                           env={**os.environ, "COURSE_PROOF": "1"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
