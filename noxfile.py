"""Every task of the course. On a machine that has only Python: `python3 noxfile.py -s serve`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from course import bootstrap

if __name__ == "__main__":
    sys.exit(bootstrap.main(sys.argv[1:]))

import nox

nox.options.default_venv_backend = "none"  # one environment, .venv, whoever runs nox
nox.options.sessions = ["serve"]
READ, TEST = "requirements.txt", "requirements-test.txt"


def use(session, lock):
    """Bring the one environment up to `lock`, and put it first on the path; say in one sentence why not."""
    try:
        bootstrap.prepare()
        bootstrap.install(lock)
    except bootstrap.SetupError as error:
        session.error(str(error))
    session.env["PATH"] = str(bootstrap.python().parent) + os.pathsep + os.environ["PATH"]
    session.env["VIRTUAL_ENV"] = str(bootstrap.VENV)
    session.env["PYTHONDONTWRITEBYTECODE"] = ""  # where it is set, each start compiles all it imports: 3 times slower


def python(session, *arguments):
    """Run the environment's Python. Ctrl-C reaches it too: give it time to stop its kernels and servers."""
    session.run(str(bootstrap.python()), *arguments, external=True, interrupt_timeout=20, terminate_timeout=5)


@nox.session
def serve(session):
    """Build the book and open it on this machine, every cell runnable."""
    use(session, READ)
    python(session, "-m", "course.site.build")
    python(session, "-m", "course.cli", "serve", *session.posargs)


@nox.session
def site(session):
    """Build the site into _build/html with the page's own Python, every warning an error."""
    use(session, READ)
    python(session, "-m", "course.runtime")
    python(session, "-m", "course.site.build", "--runtime", "build/browser")


@nox.session
def test(session):
    """Run every proof once on this Python, the browser included, and print one summary."""
    use(session, TEST)
    python(session, "-m", "course.proof.suite", *session.posargs)


@nox.session
def lessons(session):
    """Execute the notebooks and compare all outputs; names after -- choose some."""
    use(session, TEST)
    python(session, "-m", "course.proof.notebooks", *session.posargs)


@nox.session
def sheets(session):
    """Run each block of the cheatsheets; names after -- choose some, --refresh stores what they print."""
    use(session, TEST)
    python(session, "-m", "course.proof.sheets.main", *session.posargs)


@nox.session
def exercises(session):
    """Prove that each check refuses wrong answers, and each quiz has its answers; names after -- choose some."""
    use(session, TEST)
    python(session, "-m", "course.proof.prove", *session.posargs)


@nox.session
def browser(session):
    """Run the pages' cells and check the pages' exercises in Chromium; names of lessons after -- choose some."""
    use(session, TEST)
    python(session, "-m", "course.proof.browser", *session.posargs)


@nox.session
def refresh(session):
    """Execute lessons and store their outputs in canonical form: nox -s refresh -- LESSON ..."""
    use(session, TEST)
    python(session, "-m", "course.proof.refresh", *session.posargs)


@nox.session
def diagrams(session):
    """Draw the Mermaid diagrams that have not been drawn yet, and remove those that no page uses."""
    use(session, TEST)
    python(session, "-m", "course.proof.diagrams", *session.posargs)


@nox.session
def lint(session):
    """Check style, types and spelling."""
    use(session, TEST)
    python(session, "-m", "course.proof.suite", "style", "types", "spelling")


@nox.session
def bench(session):
    """Print the figures: builds, weights, Lighthouse, notebooks, PostgreSQL."""
    use(session, TEST)
    python(session, "-m", "course.proof.bench", *session.posargs)


@nox.session
def course(session):
    """Run a course command in the environment: nox -s course -- serve --port 9000."""
    use(session, READ)
    python(session, "-m", "course.cli", *session.posargs)


@nox.session
def lock(session):
    """Make the lock files anew from the .in files, for all platforms; --upgrade moves the versions."""
    use(session, TEST)
    everywhere = ["--universal", "--python-version", "3.11"]
    page = ["--python-platform", "wasm32-pyodide2025", "--python-version", "3.14", "--no-python-downloads"]
    pins = ["-c", "requirements.txt"]
    for name, options in [("requirements", everywhere), ("requirements-test", everywhere + pins),
                          ("web/requirements", page + pins)]:
        python(session, "-m", "uv", "pip", "compile", "--quiet", "--no-header", "--no-emit-index-url", *options,
               *session.posargs, name + ".in", "-o", name + ".txt")


@nox.session
def nightly(session):
    """Repeat what `test` runs once, twenty rounds of the notebooks, let Lighthouse audit pages, and try Firefox."""
    session.notify("firefox")
    use(session, TEST)
    for _ in range(20):
        python(session, "-m", "course.proof.notebooks")
    python(session, "-m", "course.runtime")
    python(session, "-m", "pytest", "-q", "--timeout=0",
           "tests/nightly/test_lighthouse.py", "tests/nightly/test_default_book.py")


@nox.session
def firefox(session):
    """Try the pages in a stock Firefox, driven over WebDriver BiDi; skipped where there is none, an error in CI."""
    use(session, TEST)
    command = [str(bootstrap.python()), "-m", "course.proof.firefox"]
    missing = session.run(*command, external=True, silent=True, success_codes=[0, 1]).strip()
    if missing and os.environ.get("CI"):
        session.error(missing)
    if missing:
        session.skip(missing)
    python(session, "-m", "course.runtime")
    python(session, "-m", "course.site.build", "--runtime", "build/browser")
    python(session, "-m", "pytest", "-q", "--timeout=0", "tests/nightly/test_firefox.py", *session.posargs)
