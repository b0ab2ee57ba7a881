"""Start without work that only programs other than ours need. Imports nothing of Jupyter."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def without_programs(empty: Path) -> Iterator[None]:
    """Search programs in the folder `empty` only.

    Importing JupyterLab starts Node, where there is one, to ask for yarn's settings. They matter to those who
    rebuild JupyterLab; and it fails, with a page of JavaScript, below a `package.json` of type "module".
    """
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = str(empty)
    try:
        yield
    finally:
        os.environ["PATH"] = before
