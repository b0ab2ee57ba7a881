"""The output that a prediction is about stays folded until the reader has answered, or opens it.

With it what the next paragraph says about it. A question that is a quote gets a place to write the answer down.
"""

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
        if _fold_next(quote):  # a lesson's anatomy is proven to have such a cell there
            quote += _place_to_write()


def _asks(quote: nodes.block_quote) -> bool:
    first = quote.next_node(nodes.strong)
    return quote.astext().startswith(ASKS) and first is not None and first.astext() == ASKS


def _place_to_write() -> nodes.Element:
    field = make("textarea", {"rows": "2", "spellcheck": "false"})
    return make("label", {}, make("span", {}, text("Your prediction")), field, classes="prediction")


def _fold_next(question: nodes.Element, name: str = "") -> bool:
    """Fold the output of the cell right after `question`, as an element with the id `name`; tell whether it has one."""
    following = question.next_node(descend=False, siblings=True)
    output = _output(following)
    if output is None:
        return False
    told = _told(following)
    for part in told:
        part["classes"].append("told")  # hidden by book/_static/exercises.css until the output is open
    summary = make("summary", {}, make("span", {}, text("Show the output and why" if told else "Show the output"),
                                       classes="collapsed"),
                   make("span", {}, text("Hide the output"), classes="expanded"))
    folded = make("details", {}, summary, classes="hide fold", ids=name)
    cell = output.parent
    cell[cell.index(output)] = folded  # replace_self would hand on the output's classes
    folded += output
    return True


def _told(cell: nodes.Node | None) -> list[nodes.Element]:
    """Return the paragraph after a cell, which tells the answer; with one that ends with a colon, what follows it."""
    told: list[nodes.Element] = []
    part = cell.next_node(descend=False, siblings=True) if cell else None
    if isinstance(part, nodes.paragraph):
        told.append(part)
        after = part.next_node(descend=False, siblings=True)
        if part.astext().endswith(":") and isinstance(after, nodes.literal_block | nodes.bullet_list):
            told.append(after)
    return told


def _output(cell: nodes.Node | None) -> nodes.Element | None:
    if not isinstance(cell, nodes.container) or cell.get("nb_element") != "cell_code":
        return None
    return next((part for part in cell.findall(nodes.container) if part.get("nb_element") == "cell_code_output"), None)


def setup(app: Sphinx) -> None:
    """Fold while pages are read."""
    app.connect("doctree-read", fold)
