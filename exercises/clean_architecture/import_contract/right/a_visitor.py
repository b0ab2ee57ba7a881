# A visitor, and importlib's own way to resolve names.
"""Imports that point outwards."""

import ast
import importlib.util
import sys


class Reader(ast.NodeVisitor):
    """Notes imports."""

    def __init__(self, package, known):
        self.package, self.known, self.found = package, known, []

    def visit_Import(self, node):
        """`import a, b`."""
        self.found += [(node.lineno, one.name) for one in node.names]

    def visit_ImportFrom(self, node):
        """`from a import b`."""
        base = node.module or ""
        if node.level:
            base = importlib.util.resolve_name("." * node.level + base, self.package)
        for one in node.names:
            name = base + "." + one.name
            self.found.append((node.lineno, name if name in self.known else base))


def violations(sources, layers, packages=()):
    """Find them."""
    def depth(name):
        pieces = name.split(".")
        for end in range(len(pieces), 0, -1):
            if ".".join(pieces[:end]) in layers:
                return layers.index(".".join(pieces[:end]))
        return -1

    result = []
    for module in sources:
        reader = Reader(module if module in packages else module.rpartition(".")[0], set(sources) | set(layers))
        reader.visit(ast.parse(sources[module]))
        for line, name in reader.found:
            bad = depth(name) > depth(module) >= 0
            if depth(module) == 0 and depth(name) == -1 and name.split(".")[0] not in sys.stdlib_module_names:
                bad = True
            if bad and (module, line, name) not in result:
                result.append((module, line, name))
    result.sort()
    return result
