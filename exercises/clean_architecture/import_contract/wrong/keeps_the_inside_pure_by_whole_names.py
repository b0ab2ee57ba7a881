# caught by: keeps_the_inside_pure
# says: os.path
"""Imports that point outwards."""

import ast
import sys
from collections.abc import Iterator

Violation = tuple[str, int, str]


def violations(sources: dict[str, str], layers: list[str], packages: tuple[str, ...] = ()) -> list[Violation]:
    """Return module, line and imported name of each import that a layer must not have, sorted."""
    known = {*sources, *layers}
    found = set()
    for module, text in sources.items():
        own = layer_of(module, layers)
        if own is None:
            continue
        for line, name in imports(text, module, module in packages, known):
            other = layer_of(name, layers)
            foreign = other is None and name not in sys.stdlib_module_names
            if (other is not None and other > own) or (own == 0 and foreign):
                found.add((module, line, name))
    return sorted(found)


def layer_of(name: str, layers: list[str]) -> int | None:
    """Return the index of the layer that a module belongs to; None outside of all."""
    fitting = [layer for layer in layers if name == layer or name.startswith(f"{layer}.")]
    return layers.index(max(fitting, key=len)) if fitting else None


def imports(text: str, module: str, is_package: bool, known: set[str]) -> Iterator[tuple[int, str]]:
    """Yield line and full name of each import."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            kept = parts[:len(parts) - node.level + is_package] if node.level else []
            base = ".".join([*kept, *filter(None, [node.module])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if whole in known else base
