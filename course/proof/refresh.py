"""Execute lessons from a fresh kernel and store their outputs in canonical form."""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from course import repository
from course.proof import notebook_files

TIMEOUT = 60  # seconds a cell may take, as in the comparison


def execute(path: Path, timeout: int = TIMEOUT) -> nbformat.NotebookNode:
    """Return the notebook at `path`, executed top to bottom in a fresh kernel and in canonical form.

    Raises ValueError naming the cell that failed or took more than `timeout` seconds.
    """
    notebook = notebook_files.read(path)
    os.environ["COURSE_PROOF"] = "1"
    client = NotebookClient(notebook, timeout=timeout, kernel_name="python3", record_timing=False,
                            resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except CellTimeoutError as error:
        raise ValueError(f"{path}: {_where(notebook)} took more than {timeout} s: it must end by itself") from error
    except CellExecutionError as error:
        raise ValueError(f"{path}: {_where(notebook)} raised {error.ename}: {error.evalue}\n"
                         "repair it, or tag it raises-exception when it is meant to fail") from error
    return notebook_files.canonical(notebook)


def _where(notebook: nbformat.NotebookNode) -> str:
    """Name the last cell that was started."""
    started = [(number, cell) for number, cell in enumerate(notebook_files.code_cells(notebook), 1)
               if cell.execution_count is not None or cell.outputs]
    number, cell = started[-1] if started else (1, notebook_files.code_cells(notebook)[0])
    return f"code cell {number} ({cell.id})"


def refresh(path: Path) -> bool:
    """Execute the notebook at `path` and write it when its text changed; return whether it did."""
    text = notebook_files.text_of(execute(path))
    if text == path.read_text(encoding="utf-8"):
        return False
    whole = path.with_suffix(".ipynb.new")  # written beside it and renamed: an interruption loses nothing
    whole.write_text(text, encoding="utf-8", newline="\n")
    whole.replace(path)
    return True


def main(names: list[str]) -> int:
    """Refresh the named lessons, all without names; return the exit status."""
    try:
        for path in notebook_files.chosen(repository.root(), names):
            print(f"{path.stem} ...", end=" ", flush=True)
            print("written" if refresh(path) else "unchanged", flush=True)
    except ValueError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
