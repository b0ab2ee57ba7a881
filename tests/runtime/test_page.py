"""Python in a real page: PostgreSQL, packages on demand, Stop, the spare worker, answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from worker_page import open_worker

from course.proof import browser_server

pytestmark = pytest.mark.browser

ORM = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from course.services import postgres

engine = postgres.engine()

class Base(DeclarativeBase): pass

class Reader(Base):
    __tablename__ = "reader"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

Base.metadata.drop_all(engine)
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all([Reader(name="Ada"), Reader(name="Bob")])
    session.commit()
    print([(r.id, r.name) for r in session.scalars(sa.select(Reader).where(Reader.name.ilike("aD%")))])
"""
UNIQUE = """
with Session(engine) as session:
    session.add(Reader(name="Ada"))
    try:
        session.commit()
    except sa.exc.IntegrityError as error:
        print(postgres.sqlstate(error), error.orig.diag.constraint_name, str(error.orig).splitlines())
"""
STATES = """
for statement, kind in (("SELECT 1 / 0", sa.exc.DataError), ("SELECT nothing", sa.exc.ProgrammingError),
                        ("INSERT INTO reader (name) VALUES (NULL)", sa.exc.IntegrityError)):
    with engine.connect() as connection:
        try:
            connection.execute(sa.text(statement))
        except sa.exc.DBAPIError as error:
            print(type(error) is kind, postgres.sqlstate(error))
"""
EXPLAIN = """
with engine.connect() as connection:
    plan = connection.execute(sa.text("EXPLAIN SELECT * FROM reader WHERE id = 1")).scalars().all()
print(plan[0].split("(")[0])
print([column["name"] for column in sa.inspect(engine).get_columns("reader")],
      sa.inspect(engine).get_unique_constraints("reader")[0]["column_names"])
"""
NOT_COMMITTED = """
other = postgres.engine()
with engine.connect() as connection:
    connection.execute(sa.text("INSERT INTO reader (name) VALUES ('Eve')"))
with other.connect() as connection:
    print(connection.execute(sa.text("SELECT count(*) FROM reader")).scalar_one())
"""
REFUSED = """
from course.services.postgres import ServiceError
for call in (postgres.connect, postgres.url, lambda: postgres.engine("course_x"), lambda: postgres.engine(pool_size=2)):
    try:
        call()
    except ServiceError as error:
        print(error)
import psycopg
"""
ALEMBIC = '''
import io
from contextlib import redirect_stdout
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from course.services import postgres

engine = postgres.engine()
folder = Path("migrations")
(folder / "versions").mkdir(parents=True, exist_ok=True)
(folder / "env.py").write_text("""
from alembic import context

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection)
    context.run_migrations()
""")
STEP = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = {revision!r}, {before!r}

def upgrade():
    {up}

def downgrade():
    {down}
"""
(folder / "versions" / "one.py").write_text(STEP.format(
    revision="one", before=None, down="op.drop_table('shelf')",
    up="op.create_table('shelf', sa.Column('id', sa.Integer, primary_key=True))"))
(folder / "versions" / "two.py").write_text(STEP.format(
    revision="two", before="one", down="op.drop_column('shelf', 'room')",
    up="op.add_column('shelf', sa.Column('room', sa.String))"))
config = Config(attributes={"engine": engine})
config.set_main_option("script_location", str(folder))

def columns():
    found = sa.inspect(engine)
    return [column["name"] for column in found.get_columns("shelf")] if found.has_table("shelf") else None

for go, to in ((command.upgrade, "head"), (command.downgrade, "one"), (command.downgrade, "base")):
    go(config, to)
    print(go.__name__, to, columns())
'''


def said(done) -> str:
    text = "".join(output.get("text", "") for output in done.outputs if output["type"] == "stream")
    return text + "".join(output["traceback"] for output in done.outputs if output["type"] == "error")


def test_postgres_in_the_page(browser_process, runtime):
    with open_worker(browser_process, runtime) as worker:
        def run(source: str) -> str:
            return said(worker.run(source, "cell", 120))
        assert run(ORM) == "[(1, 'Ada')]\n"
        assert run(ORM) == "[(1, 'Ada')]\n"  # a cell may be run twice
        assert run(UNIQUE) == ("23505 reader_name_key ['duplicate key value violates unique constraint "
                               "\"reader_name_key\"', 'DETAIL:  Key (name)=(Ada) already exists.']\n")
        assert run(STATES) == "True 22012\nTrue 42703\nTrue 23502\n"
        assert run(EXPLAIN) == "Index Scan using reader_pkey on reader  \n['id', 'name'] ['name']\n"
        assert run(NOT_COMMITTED) == "2\n"
        refused = run(REFUSED)
        assert refused.count("run the lesson on your own machine") == 3
        assert "leave out pool_size" in refused
        assert "No module named 'psycopg'" in refused
        assert run(ALEMBIC) == "upgrade head ['id', 'room']\ndowngrade one ['id']\ndowngrade base None\n"


def test_what_a_cell_does_not_import_is_not_fetched(browser_process, runtime):
    asked: list[str] = []
    with open_worker(browser_process, runtime) as worker:
        worker.page.context.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
        assert said(worker.run("print(1)", "cell", 60)) == "1\n"
        assert asked == []
        assert said(worker.run("import pydantic\nprint(pydantic.BaseModel.__name__)", "cell", 60)) == "BaseModel\n"
        assert {name.split(".")[0] for name in asked} >= {"library", "pydantic", "typing-extensions"}
        assert not [name for name in asked if name.startswith(("fastapi", "sqlalchemy", "pglite"))]


def test_a_name_made_at_run_time_is_imported(browser_process, runtime):
    with open_worker(browser_process, runtime) as worker:
        assert said(worker.run("m = __import__('sqlal' + 'chemy')\nprint(m.__name__)", "cell", 60)) == "sqlalchemy\n"
        assert said(worker.run("print('ü'.encode('cp1252'))", "cell", 60)) == "b'\\xfc'\n"


def test_library_source_is_shown(browser_process, runtime):
    with open_worker(browser_process, runtime) as worker:
        shown = said(worker.run("import inspect, json, starlette.routing\n"
                                "print(inspect.getsource(json.loads)[:9])\n"
                                "print(inspect.getsource(starlette.routing.Route)[:11])", "cell", 60))
        assert shown == "def loads\nclass Route\n"
        assert "return _default_decoder.decode(s)" in said(worker.run("json.loads('{')", "cell", 60))


@contextmanager
def page_of(browser: Browser, runtime: Path, **options: object) -> Iterator[Page]:
    """Open a page with a transport named `python` and the lists `states`, `bytes` and `outputs`."""
    with browser_server.serve({"runtime": runtime}) as base:
        page = browser.new_page()
        page.goto(base)
        page.evaluate("""async (options) => {
          const { PyodideTransport } = await import("/runtime/pyodide.mjs");
          Object.assign(window, { states: [], bytes: [], outputs: [] });
          window.python = new PyodideTransport("/runtime/", { ...options,
            onState: (state) => states.push(state), onProgress: (progress) => bytes.push(progress) });
          window.run = (source) => python.run(source, { name: "cell", onOutput: (output) => outputs.push(output) });
        }""", options)
        try:
            yield page
        finally:
            page.close()


def test_states_and_bytes_of_a_start(browser_process, runtime):
    with page_of(browser_process, runtime, spare=False) as page:
        weight = page.evaluate("python.weigh()")["bytes"]
        assert page.evaluate("python.state") == "off"
        assert page.evaluate("python.start()") == {"python": "3.14.2", "where": "browser"}
        assert page.evaluate("run('print(1)')")["status"] == "ok"
        assert page.evaluate("run('1 / 0')")["status"] == "error"
        page.evaluate("python.close()")
        assert page.evaluate("states") == ["starting", "idle", "busy", "idle", "busy", "idle", "off"]
        told = page.evaluate("bytes")
        assert told[-1] == {"loaded": weight, "total": weight, "awaited": False}
        assert [each["loaded"] for each in told] == sorted(each["loaded"] for each in told)


def test_bytes_that_a_cell_waits_for_are_told_apart(browser_process, runtime):
    with page_of(browser_process, runtime, spare=False) as page:
        page.evaluate("python.start()")
        assert not [each for each in page.evaluate("bytes") if each["awaited"]]
        assert page.evaluate("run('import sqlalchemy')")["status"] == "ok"
        told = page.evaluate("bytes")
        waited = [each for each in told if each["awaited"]]
        assert waited[0]["loaded"] < waited[0]["total"] == waited[-1]["loaded"]
        assert told[-1] == {**waited[-1], "awaited": False}


def test_stop_ends_an_endless_loop_and_the_spare_takes_over(browser_process, runtime):
    with page_of(browser_process, runtime, spare=True) as page:
        workers: list[object] = []
        page.on("worker", lambda worker: workers.append(worker))
        page.evaluate("run('name = 1')")
        page.wait_for_function("python.state === 'idle'")
        page.wait_for_timeout(100)
        for _ in range(300):
            if len(workers) == 2:
                break
            page.wait_for_timeout(100)
        assert len(workers) == 2
        page.evaluate("window.ended = run('while True: pass'); null")
        page.wait_for_function("python.state === 'busy'")
        assert page.evaluate("python.interrupt()") == {"namesLost": True}
        assert page.evaluate("ended")["status"] == "interrupted"
        assert len(workers) == 2
        assert page.evaluate("run('print(name)')")["status"] == "error"
        assert "NameError" in page.evaluate("outputs.at(-1).traceback")
        assert page.evaluate("python.interrupt()") == {"namesLost": False}


def test_input_waits_for_an_answer(browser_process, runtime):
    with page_of(browser_process, runtime, spare=False) as page:
        page.evaluate("""python.run("name = input('Who? ')\\nprint(name)", { onOutput: (output) => {
          outputs.push(output.text ?? output.prompt);
          output.reply?.("Ada");
        } })""")
        assert page.evaluate("outputs") == ["Who? ", "Ada\n"]


def test_a_runtime_that_is_not_there_is_told_and_can_be_tried_again(browser_process, runtime, tmp_path):
    with page_of(browser_process, runtime, spare=False) as page:
        page.route("**/runtime.json", lambda route: route.abort(), times=1)
        assert "fetch" in page.evaluate("python.start().catch((error) => String(error))")
        assert page.evaluate("states") == ["starting", "lost"]
        assert page.evaluate("python.start()")["where"] == "browser"
