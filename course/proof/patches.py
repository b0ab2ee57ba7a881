"""Applying a unified diff to the files of a folder, exactly: no offsets, no guessing."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unidiff.patch import PatchedFile


class PatchError(ValueError):
    """The patch cannot be applied; the message says where and what to do, without the patch's name."""


def apply(patch: str, folder: Path) -> None:
    """Apply `patch` to the files in `folder`; what stands before its first `---` is left out. Raises PatchError."""
    try:
        # Of requirements-test.txt: a reader who only solves exercises has no need of it.
        from unidiff.errors import UnidiffParseError
        from unidiff.patch import PatchSet
    except ModuleNotFoundError:
        raise PatchError("applying it needs the package unidiff; run `python3 noxfile.py -s exercises`, "
                         "which installs it") from None
    try:
        files = PatchSet(patch)
    except UnidiffParseError as error:
        raise PatchError(f"it is no unified diff ({error}); make it anew with `diff -ru`") from None
    if not files:
        raise PatchError("it holds no unified diff; make one with `diff -ru`")
    changed = sum(line.startswith(("+", "-")) for line in patch.splitlines())
    if changed != files.added + files.removed + 2 * len(files):  # two lines name each file
        raise PatchError("a part of it has more lines than its `@@` line says; make it anew with `diff -ru`")
    for file in files:
        _apply_to_file(file, folder)


def _apply_to_file(file: "PatchedFile", folder: Path) -> None:
    target = (folder / file.path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise PatchError(f"{file.path} is outside the lab; name files from the lab's folder on")
    if file.is_added_file == target.is_file():
        state = "is there already" if file.is_added_file else "is not there"
        raise PatchError(f"it does not apply: {file.path} {state} in reference/; make it anew against reference/")
    before = [] if file.is_added_file else target.read_text(encoding="utf-8").splitlines()
    after = _patched(before, file)
    if file.is_removed_file:
        target.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(f"{line}\n" for line in after), encoding="utf-8", newline="\n")


def _patched(before: list[str], file: "PatchedFile") -> list[str]:
    after: list[str] = []
    done = 0  # lines of `before` that are in `after`, or were taken out
    for hunk in file:
        start = max(hunk.source_start - 1, 0) if hunk.source_length else hunk.source_start
        source = [line.value.rstrip("\r\n") for line in hunk.source_lines()]
        if start < done or before[start:start + len(source)] != source:
            raise PatchError(f"it does not apply: {file.path} has other lines from line {hunk.source_start} on; "
                             "make it anew against reference/")
        after += before[done:start] + [line.value.rstrip("\r\n") for line in hunk.target_lines()]
        done = start + len(source)
    return after + before[done:]
