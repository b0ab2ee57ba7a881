"""Read a cell's source into the order in which it loads, calls, binds and deletes module-level names."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

DefNode = ast.FunctionDef | ast.AsyncFunctionDef
CompNode = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
CONSTRUCTORS = ("__init__", "__new__", "__post_init__")  # the methods that run when the class is called


@dataclass(frozen=True)
class Function:
    """What the body of a function takes from the module when it is called."""

    loads: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Event:
    """One step of a cell. A "call" is a load as well. `origin` and `function` belong to "bind"."""

    kind: Literal["load", "call", "bind", "unbind"]
    name: str
    origin: str | None = None
    function: Function | None = None


def events_of(source: str) -> list[Event]:
    """Return the events of a cell in the order of evaluation. Raises SyntaxError."""
    reader = _Reader()
    reader.visit(ast.parse(source))
    return reader.events


class _Reader(ast.NodeVisitor):
    """Collect the events of one scope; inner scopes are read apart and reduced to what they take from outside."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outside: set[str] = set()  # names declared global or nonlocal

    def bind(self, name: str, origin: str | None = None, function: Function | None = None) -> None:
        self.events.append(Event("bind", name, origin, function))

    def each(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        kinds: dict[type, Literal["load", "bind", "unbind"]] = {ast.Load: "load", ast.Store: "bind", ast.Del: "unbind"}
        self.events.append(Event(kinds[type(node.ctx)], node.id))

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.each([*node.args, *node.keywords])
            self.events.append(Event("call", node.func.id))
        else:
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        target = node.targets[0]
        if isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name) and len(node.targets) == 1:
            self.bind(target.id, function=_body(node.value.args, [node.value.body]))
        else:
            self.each(node.targets)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.events.append(Event("load", node.target.id))
        self.each([node.value, node.target])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.each([node.value, node.annotation])
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.each([node.value, node.target])

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.each([node.iter, node.target, *node.body, *node.orelse])

    visit_AsyncFor = visit_For

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]  # `import os.path` binds os
            self.bind(alias.asname or top, origin=alias.name if alias.asname else top)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name, origin=f"{node.module}:{alias.name}")

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.outside.update(node.names)

    visit_Nonlocal = visit_Global

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.each([node.type])
        if node.name:
            self.bind(node.name)
        self.each(node.body)
        if node.name:
            self.events.append(Event("unbind", node.name))

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.each([node.pattern])
        if node.name:
            self.bind(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self.bind(node.rest)

    def visit_FunctionDef(self, node: DefNode) -> None:
        self.each([*node.decorator_list, *_evaluated(node.args), node.returns])
        self.bind(node.name, function=_body(node.args, node.body))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.each(_evaluated(node.args))  # the body runs when it is called

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.each([*node.decorator_list, *node.bases, *node.keywords])
        self.events += _reduced(node.body)
        methods = [item for item in node.body if isinstance(item, DefNode) and item.name in CONSTRUCTORS]
        made = [_body(method.args, method.body) for method in methods]
        self.bind(node.name, function=Function(frozenset().union(*(body.loads for body in made)),
                                               frozenset().union(*(body.calls for body in made))))

    def visit_ListComp(self, node: CompNode) -> None:
        result = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        first, *others = node.generators
        self.visit(first.iter)  # evaluated outside, where the same name may mean something else
        inner = [item for part in others for item in (part.iter, part.target, *part.ifs)]
        self.events += _reduced([first.target, *first.ifs, *inner, *result])
        for walrus in (step for step in ast.walk(node) if isinstance(step, ast.NamedExpr)):
            self.bind(walrus.target.id)  # binds around the comprehension, not in it

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp


def _evaluated(arguments: ast.arguments) -> list[ast.AST]:
    """Return what a `def` evaluates where it stands: the defaults and the annotations of its parameters."""
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    noted = [argument.annotation for argument in every if argument.annotation]
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default), *noted]


def _reduced(nodes: Iterable[ast.AST]) -> list[Event]:
    """Read an inner scope that runs at once; return the loads and calls that reach the scope around it."""
    reader = _Reader()
    reader.each(nodes)
    own: set[str] = set()
    reaching = []
    for event in reader.events:
        if event.kind == "bind":
            own.add(event.name)
        elif event.kind in ("load", "call") and event.name not in own:
            reaching.append(event)
    return reaching


def _body(arguments: ast.arguments, body: Iterable[ast.AST]) -> Function:
    """Read the body of a function; a name bound anywhere in it is its own, unless it is declared global."""
    reader = _Reader()
    reader.each(body)
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    own = {argument.arg for argument in every if argument}
    own |= {event.name for event in reader.events if event.kind == "bind"} - reader.outside
    inner = [event.function for event in reader.events if event.function is not None]
    loads = {event.name for event in reader.events if event.kind in ("load", "call")}
    calls = {event.name for event in reader.events if event.kind == "call"}
    return Function(frozenset(loads.union(*(part.loads for part in inner)) - own),
                    frozenset(calls.union(*(part.calls for part in inner)) - own))
