"""Mermaid fences become the pictures that an author has had drawn from them (`course.proof.diagrams`)."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from course import diagrams
from course.site import pictures


class DrawnDiagrams(SphinxTransform):
    """Put the drawn picture in place of each diagram's text; report what has no words or has not been drawn."""

    default_priority = 851  # after InlineSvg, so that Sphinx has no image left to collect

    def apply(self, **kwargs: object) -> None:
        """Replace them."""
        found = [block for block in self.document.findall(nodes.literal_block)
                 if block.get("language") == diagrams.LANGUAGE]
        for number, block in enumerate(found, start=1):
            faults = list(diagrams.faults(block.astext()))
            path = Path(self.env.srcdir) / diagrams.FOLDER / diagrams.name(block.astext())
            if not faults and not path.is_file():
                faults = [("this diagram has not been drawn as it is now", f"run `{diagrams.COMMAND}`")]
            for what, remedy in faults:
                pictures.report(self.app, block, what, remedy)
            if not faults:
                html = pictures.inlined(path.read_text(encoding="utf-8"), number)
                block.replace_self(nodes.raw("", html, format="html"))
                self.env.note_dependency(str(path))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(DrawnDiagrams)
