"""The default Jupyter Book that the figures are compared with holds the same pages as ours."""

from pathlib import Path

from course import repository
from course.check.reading_order import ENTRY
from course.proof import bench_default, bench_weight

ROOT = repository.root(Path(__file__).parent)


def test_it_has_every_page_and_none_of_our_styles(tmp_path: Path) -> None:
    site = bench_default.build(ROOT, tmp_path)
    names = ENTRY.findall((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    assert [name for name in names if not (site / f"{name}.html").is_file()] == []
    assert not list(site.glob("_static/**/course*"))
    assert set(bench_weight.weigh(site)) == set(bench_weight.KINDS)
