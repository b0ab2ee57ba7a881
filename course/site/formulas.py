"""Formulas as MathML, which browsers draw themselves: no script, no font, no other host."""

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator


def mathml(formula: str, block: bool) -> str:
    """Return MathML for LaTeX. Raises ExtensionError naming the formula when it cannot be read."""
    try:
        return str(tex2mathml(formula, as_block=block))
    except (MathError, SyntaxError) as error:
        raise ExtensionError(f"the formula {formula!r} cannot be drawn ({error}); "
                             "write it in the LaTeX that docutils' math_output MathML knows") from error


def inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    translator.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line, which scrolls where it is too wide."""
    translator.body.append(f'<div class="formula">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def choose(app: Sphinx, config: Config) -> None:
    """Use this renderer instead of MathJax, whose script comes from another host."""
    config.html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (inline, None), (display, None))
    app.connect("config-inited", choose)
