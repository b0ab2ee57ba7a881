# caught by: leaves_the_large
# says: 2 ** 127
"""Compute at once what cannot change: the constants of a program."""

import ast
import operator

BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
          ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.LShift: operator.lshift,
          ast.RShift: operator.rshift, ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor}
UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Invert: operator.invert, ast.Not: operator.not_}
MOST_BITS, MOST_LENGTH = 128, 4096


def fold(tree: ast.Module) -> ast.Module:
    """Return a tree with a constant in the place of each operation that has only constants below it."""
    return Folder().visit(tree)


class Folder(ast.NodeTransformer):
    """Replaces operations on constants, from the leaves up."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Fold both sides, then the operation."""
        self.generic_visit(node)
        if type(node.op) not in BINARY or not (known(node.left) and known(node.right)):
            return node
        left, right = node.left.value, node.right.value
        return node if too_large(node.op, left, right) else computed(node, BINARY[type(node.op)], left, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Fold what is below, then the operation."""
        self.generic_visit(node)
        return computed(node, UNARY[type(node.op)], node.operand.value) if known(node.operand) else node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """Fold inside of a statement, but make no text of it: it could become a docstring."""
        before = node.value
        self.generic_visit(node)
        if node.value is not before and isinstance(node.value.value, str):
            node.value = before
        return node


def known(node: ast.expr) -> bool:
    """Say whether a node is a number or a text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex, str, bytes))


def too_large(kind: ast.operator, left: object, right: object) -> bool:
    """Say whether an operation could be too large to try."""
    whole = isinstance(left, int) and isinstance(right, int)
    match kind:
        case ast.Pow():
            return whole and left.bit_length() * right > MOST_BITS // 2
        case ast.LShift():
            return whole and left != 0 and left.bit_length() + right > MOST_BITS
        case ast.Mult():
            texts = [each for each in (left, right) if isinstance(each, (str, bytes))]
            times = [each for each in (left, right) if isinstance(each, int)]
            return bool(texts and times) and len(texts[0]) * times[0] > MOST_LENGTH
        case ast.Mod():
            return isinstance(left, (str, bytes))
    return False


def computed(node: ast.expr, operation: object, *values: object) -> ast.expr:
    """Return a constant in a node's place, or the node itself where that raises or becomes too large."""
    try:
        value = operation(*values)
    except Exception:
        return node
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return node
    if isinstance(value, (str, bytes)) and len(value) > MOST_LENGTH:
        return node
    return ast.copy_location(ast.Constant(value), node)
