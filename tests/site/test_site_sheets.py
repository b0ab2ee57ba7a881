"""A cheatsheet on the site: what has been run, what it printed, what was not run and why."""

from pathlib import Path

import pytest
import synthetic_book as book
from bs4 import BeautifulSoup, Tag

from course.site.build import BuildError, build

SHEET = """# Commands

Short.

## One

```bash bash-run
echo a
```

```text output
a
```

```python py-run expect-fail=ValueError
int("x")
```

```bash bash-run expect-fail=3
exit 3
```

```bash show-only=daemon
docker ps
```

```yaml yaml-schema=compose
services: {}
```

```python pytest-run=test_one.py
def test_one(): ...
```

```sql sql-run expect-fail=23505
INSERT INTO book VALUES (1), (1);
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    out = build(book.small(tmp_path_factory.mktemp("book"), {"cheatsheets/commands.md": SHEET}))
    return BeautifulSoup((out / "cheatsheets" / "commands.html").read_text(encoding="utf-8"), "html.parser")


def blocks(page: BeautifulSoup) -> list[Tag]:
    return page.select(".sheet-block")


def test_each_block_is_marked_by_its_proof(page: BeautifulSoup) -> None:
    assert [one["data-proof"] for one in blocks(page)] == ["run", "fails", "fails", "shown", "checked", "run", "fails"]
    assert [one.select_one("div.highlight pre").get_text().strip() for one in blocks(page)][:2] == ["echo a",
                                                                                                   'int("x")']
    assert "highlight-bash" in str(blocks(page)[0])


def test_what_is_not_plainly_run_says_so_in_words(page: BeautifulSoup) -> None:
    said = [one.find_next_sibling() for one in blocks(page)]
    assert [one.select_one(".sheet-said") and one.select_one(".sheet-said").get_text() for one in blocks(page)] == [
        None, "Fails, as it should: ValueError", "Fails, as it should: exit status 3",
        "Not run: needs a container daemon", "Checked against the schema of compose", None,
        "Fails, as it should: SQLSTATE 23505"]
    assert said[0]["class"] == ["sheet-output"]


def test_the_output_stands_below_its_block(page: BeautifulSoup) -> None:
    (output,) = page.select(".sheet-output")
    assert output.get_text().strip() == "a"
    assert output.find_previous_sibling() is blocks(page)[0]


def test_a_file_has_its_name_above_it(page: BeautifulSoup) -> None:
    assert [name.get_text() for name in page.select(".sheet-file")] == ["test_one.py"]
    assert [bool(one.select_one(".sheet-file")) for one in blocks(page)][-2:] == [True, False]


def test_only_sheets_load_the_style_of_sheets(page: BeautifulSoup) -> None:
    assert page.find("link", href=lambda href: href and "sheet.css" in href)


def test_other_pages_keep_their_fences(tmp_path: Path) -> None:
    out = build(book.small(tmp_path, {"book/other.md": "# Other\n\n```bash bash-run\nls\n```\n"}))
    page = BeautifulSoup((out / "book" / "other.html").read_text(encoding="utf-8"), "html.parser")
    assert not blocks(page)
    assert not page.find("link", href=lambda href: href and "sheet.css" in href)


def test_a_block_without_a_proof_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"cheatsheets/commands\.md:3: the block says no way to prove it"):
        build(book.small(tmp_path, {"cheatsheets/commands.md": "# C\n\n```bash\nls\n```\n"}))


def test_an_exercise_that_its_sheet_does_not_place_stops_the_build(tmp_path: Path) -> None:
    root = book.small(tmp_path, {"cheatsheets/commands.md": SHEET})
    task = root / "exercises" / "commands" / "lost"
    task.mkdir(parents=True)
    (task / "task.md").write_text("---\ntitle: Lost\nminutes: 5\npoints: 1\n---\nFind it.\n")
    with pytest.raises(BuildError, match="no page places the exercise `commands/lost`"):
        build(root)
