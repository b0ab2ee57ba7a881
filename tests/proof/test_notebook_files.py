import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.proof import notebook_files, notebooks


def notebook(*cells):
    made = new_notebook(cells=list(cells))
    made.metadata["course"] = {"minutes": 60}
    return made


def cell(source="print(1)", outputs=(), cell_id="prints-one", count=1, tags=()):
    made = new_code_cell(source, id=cell_id, execution_count=count, outputs=list(outputs))
    if tags:
        made.metadata["tags"] = list(tags)
    return made


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])


@pytest.fixture
def written(tmp_path):
    def write(made, canonical=True):
        path = tmp_path / "lesson.ipynb"
        text = notebook_files.text_of(notebook_files.canonical(made)) if canonical else nbformat.writes(made)
        path.write_text(text, encoding="utf-8")
        return path
    return write


def messages(path):
    return [str(fault) for fault in notebook_files.faults(path, notebook_files.read(path))]


def test_an_output_that_is_to_be_predicted_is_folded(written):
    asks = "from course.lesson import predict\npredict('lesson/question')"
    path = written(notebook(cell(asks, cell_id="asks"), new_markdown_cell("Then:", id="between"), cell(),
                            cell(cell_id="later")))
    kept = [one.metadata for one in notebook_files.code_cells(notebook_files.read(path))]
    assert kept == [{}, {"jupyter": {"outputs_hidden": True}}, {}]


@pytest.mark.parametrize(("text", "folded"), [
    ("So:\n\n> **Predict.** One or two?", True), ("> **Predict.** One or two?\n\nLook.", False), ("> One?", False)])
def test_so_is_one_that_a_quote_asks_for(written, text, folded):
    path = written(notebook(new_markdown_cell(text, id="asks"), cell(), cell(cell_id="later")))
    kept = ["jupyter" in one.metadata for one in notebook_files.code_cells(notebook_files.read(path))]
    assert kept == [folded, False]


def test_a_canonical_notebook_has_no_fault(written):
    path = written(notebook(new_markdown_cell("# T", id="title"), cell(outputs=[new_output("stream", text="1\n")])))
    assert messages(path) == []


@pytest.mark.parametrize("dirty", ["language_info", "widgets"])
def test_machine_metadata_is_refused(written, dirty):
    made = notebook_files.canonical(notebook(cell()))
    made.metadata[dirty] = {"version": "3.11.7"}
    assert "not in canonical form" in messages(written(made, canonical=False))[0]


def test_counts_must_be_those_of_one_fresh_run(written):
    made = notebook_files.canonical(notebook(cell()))
    made.cells[0].execution_count = 7
    assert "not in canonical form" in messages(written(made, canonical=False))[0]


def test_pieces_of_one_stream_are_joined():
    pieces = [new_output("stream", text="1"), new_output("stream", text="\n"),
              new_output("stream", name="stderr", text="no\n"), new_output("stream", text="2\n")]
    made = notebook_files.canonical(notebook(cell(outputs=pieces)))
    assert [(piece.name, piece.text) for piece in made.cells[0].outputs] == [
        ("stdout", "1\n"), ("stderr", "no\n"), ("stdout", "2\n")]


def test_a_cell_that_never_ran_is_named(written):
    made = notebook_files.canonical(notebook(cell()))
    made.cells[0].execution_count = None
    assert any("code cell 1 (prints-one): was never executed" in line for line in messages(written(made, False)))


def test_an_error_without_its_tag_is_named(written):
    said = messages(written(notebook(cell(outputs=[ERROR]))))
    assert any("stores an error but is not tagged" in line for line in said)


def test_the_tag_without_an_error_is_named(written):
    path = written(notebook(cell(tags=["raises-exception"])))
    assert any("tagged raises-exception but stores no error" in line for line in messages(path))


def test_ids_are_words(written):
    path = written(notebook(cell(cell_id="A1B2_x")))
    assert any("needs an id of its own in words" in line for line in messages(path))


def test_a_broken_file_is_named_with_what_to_do(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.ipynb: not a notebook .* restore it"):
        notebook_files.read(path)


def test_the_toc_gives_the_notebooks_in_order_and_names_a_missing_page(tmp_path):
    (tmp_path / "tiers").mkdir()
    for name in ("b", "a"):
        (tmp_path / "tiers" / f"{name}.ipynb").write_text(json.dumps({}))
    toc = tmp_path / "_toc.yml"
    toc.write_text("root: tiers/b\nparts:\n- chapters:\n  - file: tiers/a\n")
    assert [path.stem for path in notebook_files.all_notebooks(tmp_path)] == ["b", "a"]
    assert [path.stem for path in notebook_files.chosen(tmp_path, ["a"])] == ["a"]
    with pytest.raises(ValueError, match="no lesson is called c; there are: b, a"):
        notebook_files.chosen(tmp_path, ["c"])
    toc.write_text("root: tiers/b\nparts:\n- chapters:\n  - file: tiers/gone\n")
    with pytest.raises(FileNotFoundError, match="names 'tiers/gone'"):
        notebook_files.all_notebooks(tmp_path)


def test_a_seed_gives_the_same_order_again_and_another_seed_another(tmp_path):
    lessons = [tmp_path / f"{number}.ipynb" for number in range(20)]
    once = notebooks.shuffled(lessons, "one")
    assert once == notebooks.shuffled(lessons, "one") != notebooks.shuffled(lessons, "two")
    assert sorted(once) == sorted(lessons)
