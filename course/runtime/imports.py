"""Which archives a page will ask for, from the imports of its cells: fetched while its reader reads on."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def page_packages(sources: Iterable[str], manifest: Mapping[str, Any]) -> list[str]:
    """Return the archives of `runtime.json` that the imports of these sources need, in the order of need."""
    modules, archives = manifest["modules"], manifest["archives"]
    found: list[str] = []
    for source in sources:
        for name in imports(source):
            home = next((modules[prefix] for prefix in prefixes(name) if prefix in modules), None)
            if home is not None:
                _add(home, archives, found)
    return found


def _add(name: str, archives: Mapping[str, Any], found: list[str]) -> None:
    """Add an archive after the ones it needs."""
    if name not in found:
        for need in archives[name]["needs"]:
            _add(need, archives, found)
        found.append(name)


def prefixes(name: str) -> Iterator[str]:
    """Yield `a.b.c`, `a.b`, `a`."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def imports(source: str) -> Iterator[str]:
    """Yield the full names that a source may import; `from a import b` may mean the module `a.b`.

    A source that is no Python (a line magic, an error on purpose) imports nothing.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
