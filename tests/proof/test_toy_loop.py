"""The loop that "From blocking accept to epoll" extends is the one that "Coroutines and the event loop" builds."""

import ast

from course import repository
from course.proof import notebook_files

LESSONS = repository.root() / "tiers" / "1_foundations"


def classes(source: str) -> dict[str, str]:
    """Return each class of a module as a tree, without docstrings."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            for part in [node, *(each for each in node.body if isinstance(each, ast.FunctionDef))]:
                if ast.get_docstring(part) is not None:
                    del part.body[0]
            found[node.name] = ast.dump(node)
    return found


def test_the_two_lessons_have_the_same_loop() -> None:
    notebook = notebook_files.read(LESSONS / "asyncio_coroutines.ipynb")
    cells = [cell.source for cell in notebook.cells if cell.id in ("toy-future", "toy-task", "toy-loop")]
    module = (LESSONS / "event_driven_io_files" / "toy.py").read_text("utf-8")
    assert len(cells) == 3
    assert classes(module) == classes("\n".join(cells))
