"""The few `key: value` lines between two `---` at the head of `task.md` and `lab.md`."""

from pathlib import Path

FENCE = "---"


class FrontMatterError(ValueError):
    """The head of the file cannot be read; the message names the file and the line."""


def split(path: Path, keys: frozenset[str]) -> tuple[dict[str, str], str]:
    """Return the values by key and the text after them. Raises FrontMatterError for anything else than `keys`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        raise FrontMatterError(f"{path}:1: no front matter: begin with a line `---`, then `title: ...`, "
                               "`minutes: ...`, `points: ...`, and another `---`")
    end = lines.index(FENCE, 1)
    values: dict[str, str] = {}
    for number, line in enumerate(lines[1:end], 2):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or key not in keys or not value:
            raise FrontMatterError(f"{path}:{number}: {line!r} is not one of the lines known here: "
                                   f"{', '.join(f'`{known}: ...`' for known in sorted(keys))}")
        values[key] = value
    return values, "\n".join(lines[end + 1:]).strip() + "\n"


def number(values: dict[str, str], key: str, path: Path) -> int:
    """Return the value of `key` as a whole number above 0. Raises FrontMatterError."""
    text = values.get(key, "")
    if not text.isdecimal() or int(text) == 0:
        raise FrontMatterError(f"{path}:1: `{key}:` must be a whole number above 0, not {text or 'missing'}")
    return int(text)
