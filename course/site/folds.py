"""The output that a prediction is about stays folded until the reader has answered, or opens it."""

from docutils import nodes
from sphinx.application import Sphinx

from course.site import elements, problems
from course.site.elements import make, text

ASKS = "Predict."  # a quote that begins with it, in bold, is such a question too: see book/style.md


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold the output of the cell after each prediction; report a question of a quiz that has none."""
    for question in [one for one in doctree.findall(elements.element) if "data-folds" in one["attributes"]]:
        if not _fold_next(question, question["attributes"]["data-folds"]):
            problems.of(app).add(question["where"], "no code cell with an output follows this prediction directly",
                                 "put it right above the cell that answers it")
    for quote in [one for one in doctree.findall(nodes.block_quote) if _asks(one)]:
        _fold_next(quote)  # a lesson's anatomy is proven to have such a cell there


def _asks(quote: nodes.block_quote) -> bool:
    first = quote.next_node(nodes.strong)
    return quote.astext().startswith(ASKS) and first is not None and first.astext() == ASKS


def _fold_next(question: nodes.Element, name: str = "") -> bool:
    """Fold the output of the cell right after `question`, as an element with the id `name`; tell whether it has one."""
    output = _output(question.next_node(descend=False, siblings=True))
    if output is None:
        return False
    summary = make("summary", {}, make("span", {}, text("Show the output"), classes="collapsed"),
                   make("span", {}, text("Hide the output"), classes="expanded"))
    folded = make("details", {}, summary, classes="hide fold", ids=name)
    cell = output.parent
    cell[cell.index(output)] = folded  # replace_self would hand on the output's classes
    folded += output
    return True


def _output(cell: nodes.Node | None) -> nodes.Element | None:
    if not isinstance(cell, nodes.container) or cell.get("nb_element") != "cell_code":
        return None
    return next((part for part in cell.findall(nodes.container) if part.get("nb_element") == "cell_code_output"), None)


def setup(app: Sphinx) -> None:
    """Fold while pages are read."""
    app.connect("doctree-read", fold)
