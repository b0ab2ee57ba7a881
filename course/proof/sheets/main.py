"""Run the blocks of the cheatsheets: all, or those of the sheets that are named; `--refresh` stores their outputs."""

import sys
from pathlib import Path

import pytest

from course import repository, sheet
from course.proof.sheets import collector

REFRESH = "--refresh"


class Store:
    """A pytest plugin that writes into the sheets what their blocks have printed."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Say that what stands on the page is not to be compared."""
        config.stash[collector.STORING] = True

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write each sheet whose outputs have changed."""
        for path, printed in session.config.stash[collector.PRINTED].items():
            before = path.read_text(encoding="utf-8")
            after = sheet.with_outputs(before, printed)
            if after != before:
                path.write_text(after, encoding="utf-8", newline="\n")
                print(f"\n{path.name}: outputs written")


def main(arguments: list[str]) -> int:
    """Run the named sheets, all without names; return the exit status. Other options go to pytest."""
    root = repository.root() / sheet.FOLDER
    names = [argument for argument in arguments if not argument.startswith("-")]
    if unknown := [name for name in names if not (root / f"{name}.md").is_file()]:
        print(f"no sheet is called {', '.join(unknown)}; there are: {', '.join(known(root))}")
        return 2
    paths = [str(root / f"{name}.md") for name in names or known(root)]
    options = [argument for argument in arguments if argument.startswith("-") and argument != REFRESH]
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *options, *paths],
                           plugins=[collector, *([Store()] if REFRESH in arguments else [])]))


def known(root: Path) -> list[str]:
    """Return the names of the sheets, sorted."""
    return sorted(path.stem for path in root.glob("*.md"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
