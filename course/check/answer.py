"""An answer, as the checks see it: a Python module, a text (SQL, YAML), or a lab's folder."""

import difflib
import importlib
import sys
import types
from pathlib import Path
from typing import Any

from course.check.kit import Failure


class Answer:
    """A Python file, loaded: its names are this object's attributes. A name that is not there fails in plain words."""

    def __init__(self, module: types.ModuleType, path: Path) -> None:
        self.__module, self.__path = module, path

    def __getattr__(self, name: str) -> Any:
        names = vars(self.__module)
        if name in names:
            return names[name]
        if not source(self).strip():
            raise Failure(f"`{self.__path.name}` is empty: `course reset {self.__path.stem}` brings the starter back.")
        near = difflib.get_close_matches(name, [other for other in names if not other.startswith("__")], 1)
        instead = f" There is `{near[0]}`: is that the one?" if near else ""
        raise Failure(f"`{self.__path.name}` does not define `{name}`.{instead}")


class TextAnswer:
    """An answer that is not Python: `text` is what the file says, `path` is where it is."""

    def __init__(self, path: Path) -> None:
        self.path, self.text = path, _text(path)


class LabAnswer:
    """An answer in several files: `folder` holds them, `load("package.module")` imports one of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, name: str) -> Answer:
        """Import a module of the lab. Raises Failure when there is none of this name."""
        sys.path.insert(0, str(self.folder))
        try:
            importlib.invalidate_caches()
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name and name.startswith(error.name):
                raise Failure(f"the lab has no module `{name}` ({name.replace('.', '/')}.py)") from None
            raise
        finally:
            sys.path.remove(str(self.folder))
        return Answer(module, Path(module.__file__ or name))


def source(answer: Answer) -> str:
    """Return the text of a Python answer, for checks about how it is written."""
    path: Path = vars(answer)["_Answer__path"]
    return path.read_text(encoding="utf-8")


def names(answer: Answer) -> dict[str, Any]:
    """Return the names of a Python answer with their values."""
    return dict(vars(vars(answer)["_Answer__module"]))


def load(path: Path) -> Answer | TextAnswer | LabAnswer:
    """Load the answer in a file or, for a lab, in a folder. Whatever the learner's file raises comes through."""
    if path.is_dir():
        return LabAnswer(path)
    if path.suffix != ".py":
        return TextAnswer(path)
    name = f"answer_{path.stem}"  # never the name of a library, and never __main__
    module = types.ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module  # dataclasses and pickle look a class's module up by name
    code = compile(_text(path), str(path), "exec", dont_inherit=True)
    exec(code, module.__dict__)
    return Answer(module, path)


def _text(path: Path) -> str:
    """Return what a file says. Raises Failure for another encoding than UTF-8, which editors on Windows may choose."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise Failure(f"`{path.name}` is not saved as UTF-8 (line {line}): choose UTF-8 in your editor, and save it "
                      "again.", line=line) from None
    if "\0" in text:
        raise Failure(f"`{path.name}` is not a text in UTF-8: choose UTF-8 in your editor, and save it again.")
    return text


def forget(before: set[str], folder: Path) -> None:
    """Take out of `sys.modules` what an answer has added from its own folder, so that the next load is a fresh one."""
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if name.startswith("answer_") or (file and Path(file).is_relative_to(folder)):
            del sys.modules[name]
