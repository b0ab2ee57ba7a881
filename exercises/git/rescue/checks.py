"""Each check plays Thursday evening anew: a remote, a clone with its history, then the answer, then a look at both."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.check import Failure, TextAnswer, check, expect, require

PATIENCE = 30.0  # seconds for the whole file; a right answer needs one
SECRET = "PASSWORD=emma\n"
EVENING = """
git init --quiet --bare ../remote.git
git init --quiet . && git remote add origin "$PWD/../remote.git"
printf 'Emma\\nDune\\n' > books.txt; printf 'loan: 28 days\\n' > rules.txt; printf '*.pyc\\n' > .gitignore
git add . && git commit --quiet -m "Begin with books and rules" && git push --quiet -u origin main
printf 'Middlemarch\\n' >> books.txt; git commit --quiet -am "Add Middlemarch"; git tag lost
git reset --quiet --hard HEAD~1
git clone --quiet ../remote.git ../grace && cd ../grace
printf 'loan: 280 days\\n' > rules.txt; git commit --quiet -am "Lend books for 280 days"
printf 'Walden\\n' >> books.txt; git commit --quiet -am "Add Walden"; git push --quiet
cd ../shelf
printf 'def search(title):\\n    return title in open("books.txt").read()\\n' > search.py
git add . && git commit --quiet -m "Add search"
printf 'late: 1 euro\\n' > fees.txt; printf 'PASSWORD=emma\\n' > .env
git add . && git commit --quiet -m "Ask for a late feee"
git rev-parse lost > ../lost && git tag --delete lost > ../null
"""


class Place:
    """A folder with a remote and a clone, in which git asks nobody and knows nothing of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shelf = folder, folder / "shelf"
        self.shelf.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_EDITOR": "true", "GIT_SEQUENCE_EDITOR": "true", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@shelf.example", "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@shelf.example", "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "main"}

    def bash(self, text: str) -> str:
        """Run commands in the clone; return what they print. Raises Failure when one fails."""
        command = ["bash", "--noprofile", "--norc", "-e", "-c", text]
        try:
            end = subprocess.run(command, cwd=self.shelf, env=self.environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure(f"Your file has not ended after {PATIENCE:g} seconds", hint=1) from None
        if end.returncode:
            raise Failure(f"Your file ends with exit status {end.returncode}. The last that it printed:\n"
                          f"{end.stdout[-600:]}", hint=2)
        return end.stdout

    def git(self, *words: str, where: str = "shelf") -> str:
        """Return what a git command prints, without the last line end; empty when it fails."""
        end = subprocess.run(["git", *words], cwd=self.folder / where, env=self.environment, capture_output=True,
                             text=True, check=False)
        return end.stdout.rstrip("\n") if end.returncode == 0 else ""

    def subjects(self, what: str, where: str = "remote.git") -> list[str]:
        """Return the first lines of the messages of some commits, the oldest first."""
        return self.git("log", "--reverse", "--format=%s", what, "--", where=where).split("\n")


@contextmanager
def afterwards(answer: TextAnswer) -> Iterator[Place]:
    """Play the evening, run the answer, and give the place."""
    require(bool(os.name == "posix" and shutil.which("git") and shutil.which("bash")), "This exercise needs git and "
            "bash: on Windows do it in WSL")
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder).resolve())
        place.bash(EVENING)
        print(place.bash(answer.text)[-1500:])
        yield place


@check("the 280 days are taken back, and nobody's history has changed", points=2, timeout=60)
def takes_back(answer: TextAnswer) -> None:
    """The remote's main has one commit more; the loan is 28 days; Walden is there."""
    with afterwards(answer) as place:
        theirs = place.git("rev-parse", "HEAD", where="grace")
        kept = theirs in place.git("rev-list", "main", where="remote.git").split()
        require(kept, "Grace's last commit is no longer part of the remote's main: its history was rewritten, "
                "and everybody who has pulled it is in trouble", hint=1)
        more = place.subjects(f"{theirs}..main")
        expect(len([one for one in more if one]), 1, f"On the remote's main, commits that came after Grace's "
               f"({more})", hint=2)
        files = {name: place.git("show", f"main:{name}", where="remote.git") for name in ("rules.txt", "books.txt")}
        expect(files, {"rules.txt": "loan: 28 days", "books.txt": "Emma\nDune\nWalden"}, "The files of the remote's "
               "main", hint=2)


@check("your two commits are on `fees`, and `main` is the remote's", needs=takes_back, points=2, timeout=60)
def has_a_branch(answer: TextAnswer) -> None:
    """On top of the new main, in order, the message mended, pushed."""
    with afterwards(answer) as place:
        expect(place.subjects("main..fees"), ["Add search", "Ask for a late fee"], "On the remote, the commits of fees "
               "that main has not, the oldest first", hint=2)
        expect(place.git("merge-base", "main", "fees", where="remote.git"),
               place.git("rev-parse", "main", where="remote.git"), "On the remote, the commit on which fees stands, "
               "and the last one of main", hint=2)
        for name in ("main", "fees"):
            expect(place.git("rev-parse", name), place.git("rev-parse", name, where="remote.git"), f"Your {name}, and "
                   "the remote's", hint=2)


@check("`.env` is in no commit that is pushed, and in your folder as it was", needs=has_a_branch, points=2, timeout=60)
def keeps_the_secret(answer: TextAnswer) -> None:
    """Nowhere in the remote's objects; ignored; not lost."""
    with afterwards(answer) as place:
        names = place.git("log", "--all", "--format=", "--name-only", where="remote.git").split("\n")
        require(".env" not in names, "A commit that was pushed has .env in it", hint=2)
        secret = place.shelf / ".env"
        expect(secret.read_text() if secret.is_file() else None, SECRET, "What is in .env in your folder", hint=1)
        ignored = place.git("show", "fees:.gitignore", where="remote.git").split("\n")
        expect(ignored, ["*.pyc", ".env"], "The lines of .gitignore on fees", hint=2)
        changed = place.git("show", "--format=", "--name-only", "fees", where="remote.git").split("\n")
        expect(sorted(changed), [".gitignore", "fees.txt"], "What the last commit of fees changes", hint=2)


@check("the lost commit is on `titles`, and only there", needs=takes_back, timeout=60)
def finds_the_lost(answer: TextAnswer) -> None:
    """The same commit, not pushed."""
    with afterwards(answer) as place:
        lost = (place.folder / "lost").read_text().strip()
        expect(place.git("rev-parse", "titles"), lost, "The commit that titles leads to, and the one that was lost",
               hint=2)
        expect(place.git("branch", "--list", "titles", where="remote.git"), "", "Branches called titles on the remote",
               hint=2)


@check("nothing is left lying about", needs=has_a_branch, timeout=60)
def leaves_nothing(answer: TextAnswer) -> None:
    """No changes, staged or not, no unfinished rebase; `.env` is ignored where you are."""
    with afterwards(answer) as place:
        expect(place.git("status", "--short"), "", "What git status --short says at the end", hint=3)
        left = [name for name in ("rebase-merge", "rebase-apply", "MERGE_HEAD", "REVERT_HEAD", "CHERRY_PICK_HEAD")
                if (place.shelf / ".git" / name).exists()]
        expect(left, [], "Things that were begun and not ended, in .git", hint=2)
        expect(place.git("stash", "list"), "", "What git stash list says at the end", hint=3)
