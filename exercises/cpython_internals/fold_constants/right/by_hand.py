"""The same without a transformer: a function that goes over the fields of each node."""

import ast
import operator

BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
          ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.LShift: operator.lshift,
          ast.RShift: operator.rshift, ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor}
UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Invert: operator.invert, ast.Not: operator.not_}
MOST_BITS, MOST_LENGTH = 128, 4096
TEXT = (str, bytes)


def fold(tree: ast.Module) -> ast.Module:
    """Return the tree, changed in place."""
    walk(tree)
    return tree


def walk(node: ast.AST) -> None:
    """Replace what can be replaced below a node."""
    for name, value in ast.iter_fields(node):
        parts = value if isinstance(value, list) else [value]
        new = [replaced(part, node) if isinstance(part, ast.AST) else part for part in parts]
        setattr(node, name, new if isinstance(value, list) else new[0])


def replaced(node: ast.AST, above: ast.AST) -> ast.AST:
    """Return what belongs in a node's place."""
    walk(node)
    values = operands(node)
    if not values or not all(isinstance(each, ast.Constant) and type(each.value) in (int, bool, float, complex, *TEXT)
                             for each in values):
        return node
    values = [each.value for each in values]
    table = BINARY if isinstance(node, ast.BinOp) else UNARY
    if type(node.op) not in table or risky(node.op, values):
        return node
    try:
        result = table[type(node.op)](*values)
    except (ArithmeticError, TypeError, ValueError):
        return node
    if isinstance(result, int) and abs(result) >= 1 << MOST_BITS:
        return node
    if isinstance(result, TEXT) and len(result) > MOST_LENGTH:
        return node
    if isinstance(above, ast.Expr) and isinstance(result, str):
        return node
    spot = {name: getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    return ast.Constant(result, **spot)


def operands(node: ast.AST) -> list[ast.expr]:
    """Return what an operation works on."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    return [node.operand] if isinstance(node, ast.UnaryOp) else []


def risky(kind: ast.AST, values: list) -> bool:
    """Say whether computing it could take long."""
    if isinstance(kind, (ast.Pow, ast.LShift)):
        small = (0, 1, -1) if isinstance(kind, ast.Pow) else (0,)
        return isinstance(values[1], int) and values[1] > 1000 and values[0] not in small
    if isinstance(kind, ast.Mod):
        return isinstance(values[0], TEXT)
    if isinstance(kind, ast.Mult) and any(isinstance(each, TEXT) for each in values):
        return any(isinstance(each, int) and each > MOST_LENGTH for each in values)
    return False
