"""Copies files as rsync does, as far as gitlab-ci-local asks for it: a stand-in for machines that have none.

It knows `-a`, `--delete`, `--exclude`, `--exclude-from` and `--files-from` (rsync(1)), and of patterns only names.
"""

import fnmatch
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Order:
    """What is to be copied, where to, without what, and only what; None for all."""

    places: list[Path] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    only: list[str] | None = None
    delete: bool = False


def read(arguments: list[str]) -> Order:
    """Return what the command line asks for."""
    order, words = Order(), iter(arguments)
    for word in words:
        name, _, value = word.partition("=")
        if name == "--exclude":
            order.excluded.append(value or next(words))
        elif name == "--exclude-from":
            order.excluded += Path(value).read_text(encoding="utf-8").split("\n")
        elif name == "--files-from":
            order.only = [line for line in Path(value).read_text(encoding="utf-8").split("\n") if line]
        elif not word.startswith("-"):
            order.places.append(Path(word))
        order.delete = order.delete or name == "--delete"
    return order


def copy(order: Order) -> None:
    """Copy."""
    source, target = order.places
    patterns = [pattern.strip("/").removesuffix("/**") for pattern in order.excluded if pattern.strip("/")]

    def excluded(folder: str, found: list[str]) -> set[str]:
        inside = Path(folder).relative_to(source)
        return {name for name in found if any(fnmatch.fnmatch(str(inside / name), one) for one in patterns)}

    if order.delete:
        shutil.rmtree(target, ignore_errors=True)
    if order.only is None:
        shutil.copytree(source, target, ignore=excluded, symlinks=True, dirs_exist_ok=True)
        return
    for name in order.only:
        one = source / name
        if one.is_dir():
            shutil.copytree(one, target / name, symlinks=True, dirs_exist_ok=True)
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(one, target / name)


if __name__ == "__main__":
    copy(read(sys.argv[1:]))
