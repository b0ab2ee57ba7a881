"""Small programs of three layers, with imports of all kinds."""

from typing import Any

from course.check import Answer, Failure, check, expect

LAYERS = ["shelf.domain", "shelf.lending", "shelf.web"]


def found(answer: Answer, sources: dict[str, str], layers: list[str] = LAYERS, **more: Any) -> Any:
    """Return what the answer finds."""
    try:
        return answer.violations(sources, layers, **more)
    except Exception as error:
        raise Failure(f"violations of {sources!r} raises {type(error).__name__}: {error}", hint=1) from error


def same(answer: Answer, sources: dict[str, str], want: list[tuple[str, int, str]], hint: int, **more: Any) -> None:
    """Compare."""
    story = f"violations of {sources!r}{f' with {more}' if more else ''}"
    expect(found(answer, sources, **more), want, story, hint=hint)


@check("imports that point outwards are found, others are not", points=2)
def finds_outward(answer: Answer) -> None:
    """All pairs of three layers."""
    for at, layer in enumerate(LAYERS):
        for to, other in enumerate(LAYERS):
            module, name = f"{layer}.one", f"{other}.two"
            want = [(module, 2, name)] if to > at else []
            same(answer, {module: f'"""A module."""\nimport {name}\n', name: ""}, want, 3)
    same(answer, {}, [], 1)


@check("wherever they stand", needs=finds_outward)
def finds_everywhere(answer: Answer) -> None:
    """In functions, conditions, lines with several; not in texts; sorted, each once."""
    text = ('from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shelf.web.routes\n\n'
            'def late():\n    import os, shelf.web as web, shelf.lending\n    return "import shelf.web.never"\n'
            '# import shelf.web.no\nclass A:\n    from shelf.web import app, other\n')
    same(answer, {"shelf.domain.b": text, "shelf.domain.a": "import shelf.web\n"},
         [("shelf.domain.a", 1, "shelf.web"), ("shelf.domain.b", 3, "shelf.web.routes"),
          ("shelf.domain.b", 6, "shelf.lending"), ("shelf.domain.b", 6, "shelf.web"),
          ("shelf.domain.b", 10, "shelf.web")], 1)


@check("a layer is a package, not the beginning of a word", needs=finds_outward)
def knows_layers(answer: Answer) -> None:
    """domainless, webby; the layer itself; a layer within a layer; modules without a layer."""
    same(answer, {"shelf.domainless": "import shelf.web\n", "shelf.lending": "import shelf.webby\nimport shelf.web\n"},
         [("shelf.lending", 2, "shelf.web")], 2)
    outside = {"shelf.settings": "import shelf.web, fastapi\n", "shelf.lending.a": "import shelf.settings, fastapi\n"}
    same(answer, outside, [], 3)
    nested = ["shelf.core", "shelf", "shelf.web"]
    expect(found(answer, {"shelf.core.a": "import shelf.b\n", "shelf.b": "import shelf.core.a, shelf.web.c\n",
                          "shelf.web.c": "import shelf.b\n"}, nested),
           [("shelf.b", 1, "shelf.web.c"), ("shelf.core.a", 1, "shelf.b")],
           f"violations with the layers {nested}", hint=2)


@check("what stands behind `from` may be a module", needs=finds_outward, points=2)
def reads_from(answer: Answer) -> None:
    """Modules, layers, names; relative ones."""
    sources = {"shelf.domain.a": "from shelf import web, domain, VERSION\nfrom shelf.web import app, routes\n",
               "shelf.web.routes": "", "shelf": "VERSION = 1\n"}
    same(answer, sources, [("shelf.domain.a", 1, "shelf"), ("shelf.domain.a", 1, "shelf.web"),
                           ("shelf.domain.a", 2, "shelf.web"), ("shelf.domain.a", 2, "shelf.web.routes")], 3)
    same(answer, {"shelf.lending.desk.late": "from ...web import app\nfrom ... import web\nfrom . import fees\n"
                  "from .. import x\nfrom ...domain.books import Book\n", "shelf.lending.desk.fees": ""},
         [("shelf.lending.desk.late", 1, "shelf.web"), ("shelf.lending.desk.late", 2, "shelf.web")], 2)
    same(answer, {"shelf.lending": "from .desk import late\nfrom ..web import app\n", "shelf.lending.desk": ""},
         [("shelf.lending", 2, "shelf.web")], 2, packages=("shelf.lending",))


@check("the innermost layer knows the language alone", needs=reads_from, points=2)
def keeps_the_inside_pure(answer: Answer) -> None:
    """Libraries, modules without a layer, the standard library, its own parts."""
    text = ("import re, os.path, collections.abc\nfrom datetime import date\nimport pydantic\n"
            "from sqlalchemy.orm import Session\nfrom shelf import settings\n"
            "from shelf.domain import members\nfrom . import members as again\n")
    same(answer, {"shelf.domain.books": text, "shelf.domain.members": "", "shelf.settings": "",
                  "shelf.lending.a": "import pydantic\n"},
         [("shelf.domain.books", 3, "pydantic"), ("shelf.domain.books", 4, "sqlalchemy.orm"),
          ("shelf.domain.books", 5, "shelf.settings")], 3)
