"""From pressing Run to output in the page: our Python beside plain Pyodide with the same packages, in one run.

Plain Pyodide is what its documentation shows: `loadPyodide()` in a worker, then the packages unpacked from their
wheels. Cold: a browser that has never been here. Warm: its second visit.
"""

import io
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Browser, BrowserContext

from course.proof import bench_line, chromium
from course.proof.bench_line import Line
from course.runtime import assemble, npm, wheels

ROUNDS = 5
LOCAL = Line(None, 0.0)
FAR = Line(20e6, 0.030)
FASTAPI = """from fastapi import FastAPI
import httpx
app = FastAPI()

@app.get("/")
async def home() -> dict[str, int]:
    return {"answer": 42}

async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as client:
    print((await client.get("/")).json())"""
SQLALCHEMY = """from sqlalchemy import create_engine, text
with create_engine("sqlite://").connect() as db:
    print(db.execute(text("SELECT 42")).scalar_one())"""
ORM = """from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from course.services import postgres

class Base(DeclarativeBase):
    pass

class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]

engine = postgres.engine()
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(Book(title="Dune"))
    session.commit()
    print(session.scalars(select(Book.title)).all())"""
CELLS = {"first output": "print(42)", "FastAPI": FASTAPI, "SQLAlchemy": SQLALCHEMY, "ORM on PostgreSQL": ORM}
# What plain Pyodide is given for a cell; it has no PostgreSQL in the page.
PLAIN = {"first output": (), "FastAPI": ("fastapi", "httpx"), "SQLAlchemy": ("sqlalchemy",)}

# As web/cell/page.mjs does it; what it shares with the page's first bytes is loaded before.
_OURS = """async ({source}) => {
  const { packages: needed } = await import("/cell/imports.mjs");
  const begin = performance.now();
  const [{ PyodideTransport }, manifest] = await Promise.all([import("/runtime/pyodide.mjs"),
    fetch("/runtime/runtime.json").then((answer) => answer.json())]);
  const packages = needed(manifest, [source]);
  const python = new PyodideTransport("/runtime/", { manifest, packages, asks: false, spare: false });
  const outputs = [];
  const first = new Promise((resolve) => {
    python.run(source, { onOutput: (output) => { outputs.push(output); resolve(performance.now() - begin); } });
  });
  return [await first / 1000, JSON.stringify(outputs[0])];
}"""
_PLAIN = """async ({source, packages}) => {
  const begin = performance.now();
  const worker = new Worker("/plain/worker.mjs", { type: "module" });
  const said = new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
  worker.postMessage({ source, packages });
  const text = await said;
  return [(performance.now() - begin) / 1000, JSON.stringify(text)];
}"""
_WORKER = """import { loadPyodide } from "/pyodide/pyodide.mjs";
self.onmessage = async ({ data: { source, packages } }) => {
  try {
    const fetched = packages.map((name) => fetch(`/plain/${name}.bin`).then((answer) => answer.arrayBuffer()));
    const python = await loadPyodide({ indexURL: "/pyodide/", stdout: (text) => self.postMessage(text) });
    for (const wheel of await Promise.all(fetched)) python.unpackArchive(wheel, "wheel");
    await python.runPythonAsync(source);
  } catch (error) { self.postMessage(String(error)); }
};"""


def boots(root: Path, line: Line = LOCAL, names: tuple[str, ...] = tuple(CELLS)) -> dict[str, tuple[float, float]]:
    """Return median seconds (cold, warm) from pressing Run to the output, by "cell, which Python".

    `line` says how far the server is. `names` chooses cells. Raises RuntimeError when a cell does not print 42 or
    a title: what fails is not measured.
    """
    found = {}
    with _served(root, line) as base, chromium.launch() as browser:
        for name in names:
            found[f"{name}, ours"] = _median(browser, base, _OURS, CELLS[name])
            if name in PLAIN:
                found[f"{name}, plain Pyodide"] = _median(browser, base, _PLAIN, CELLS[name], PLAIN[name])
    return found


def _median(browser: Browser, base: str, script: str, source: str,
            packages: tuple[str, ...] = ()) -> tuple[float, float]:
    rounds = []
    for _ in range(ROUNDS):
        context = browser.new_context()
        rounds.append((_once(context, base, script, source, packages), _once(context, base, script, source, packages)))
        context.close()
    cold, warm = zip(*rounds, strict=True)
    return statistics.median(cold), statistics.median(warm)


def _once(context: BrowserContext, base: str, script: str, source: str, packages: tuple[str, ...]) -> float:
    page = context.new_page()
    page.goto(base)
    page.wait_for_timeout(300)  # the browser has settled
    seconds, said = page.evaluate(script, {"source": source, "packages": list(packages)})
    page.wait_for_timeout(1500)  # what is fetched behind the first output reaches the cache
    page.close()
    if "42" not in said and "Dune" not in said:
        raise RuntimeError(f"the cell did not print what it should: {said[:2000]}")
    return float(seconds)


@contextmanager
def _served(root: Path, line: Line) -> Iterator[str]:
    runtime = assemble(root)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder)
        (plain / "worker.mjs").write_text(_WORKER, "utf-8")
        for name in {each for needed in PLAIN.values() for each in needed}:
            (plain / f"{name}.bin").write_bytes(_wheels(root, name))
        folders = {"runtime": runtime, "cell": root / "web" / "cell", "plain": plain,
                   "pyodide": npm.package(root, "pyodide")}
        with bench_line.serve(folders, line) as base:
            yield base


def _wheels(root: Path, name: str) -> bytes:
    """Return the sources of a package and of all that it needs, as one compressed archive."""
    packages = {package.name: package for package in wheels.fetch(root / "web" / "requirements.txt", root / "build")}
    target, waiting, seen = io.BytesIO(), [name], set[str]()
    with ZipFile(target, "w", 8) as archive:
        while waiting:
            package = packages[waiting.pop()]
            if package.name not in seen:
                seen.add(package.name)
                waiting += package.needs
                for path, content in package.files.items():
                    archive.writestr(path, content)
    return target.getvalue()
