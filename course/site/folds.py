"""The output that a prediction is about stays folded until the reader has answered, or opens it."""

from docutils import nodes
from sphinx.application import Sphinx

from course.site import elements, problems
from course.site.elements import make, text


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold the output of the cell after each prediction; report a prediction that has none."""
    for question in [one for one in doctree.findall(elements.element) if "data-folds" in one["attributes"]]:
        cell = question.next_node(descend=False, siblings=True)
        output = _output(cell)
        if output is None:
            problems.of(app).add(question["where"], "no code cell with an output follows this prediction directly",
                                 "put it right above the cell that answers it")
            continue
        summary = make("summary", {}, make("span", {}, text("Show the output"), classes="collapsed"),
                       make("span", {}, text("Hide the output"), classes="expanded"))
        folded = make("details", {}, summary, classes="hide fold", ids=question["attributes"]["data-folds"])
        cell = output.parent
        cell[cell.index(output)] = folded  # replace_self would hand on the output's classes
        folded += output


def _output(cell: nodes.Node | None) -> nodes.Element | None:
    if not isinstance(cell, nodes.container) or cell.get("nb_element") != "cell_code":
        return None
    return next((part for part in cell.findall(nodes.container) if part.get("nb_element") == "cell_code_output"), None)


def setup(app: Sphinx) -> None:
    """Fold while pages are read."""
    app.connect("doctree-read", fold)
