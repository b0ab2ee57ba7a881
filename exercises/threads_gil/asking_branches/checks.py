"""Branches that answer when the check lets them, and count who is in."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from course.check import Answer, check, expect, require

PATIENCE = 2.0  # seconds until something that has to happen counts as missing; who is right needs a moment
STILL = 24  # moments without any call, answer or end of a thread after which a call that goes on stands still
CALM = 0.3  # seconds in which calls that nothing holds back would begin


class Branches:
    """All branches: calls are noted, counted while they are in, and answered when allowed."""

    def __init__(self, *failing: str, error: type[BaseException] = ConnectionError,
                 answers: dict[str, Any] | None = None) -> None:
        self.begun: list[tuple[str, str]] = []
        self.answered: list[tuple[str, str]] = []
        self.inside: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._failing, self._error, self._answers = failing, error, answers or {}  # by titles
        self._allowed: Counter[str] = Counter()  # answers by branch or by title, `*` for all
        self._news = threading.Condition()

    def ask(self, branch: str, title: str) -> Any:
        """Wait for the answer of a branch."""
        with self._news:
            self.begun.append((branch, title))
            self.inside[branch] += 1
            self.most[branch] = max(self.most[branch], self.inside[branch])
            self._news.wait_for(lambda: self._taken(branch, title))
            self.inside[branch] -= 1
            self.answered.append((branch, title))
        if title in self._failing:
            raise self._error(f"{branch} hangs up on {title}")
        return self._answers.get(title, f"{title} at {branch}")

    def _taken(self, branch: str, title: str) -> bool:
        """Take one of the answers that are allowed, if there is one for this question."""
        for key in (title, branch):
            if self._allowed[key]:
                self._allowed[key] -= 1
                return True
        return bool(self._allowed["*"])

    def allow(self, key: str = "*", number: int = 1) -> None:
        """Let so many calls with this title, or of this branch, be answered; without a key, all from now on."""
        with self._news:
            self._allowed[key] += number
            self._news.notify_all()


class Catalogue:
    """Calls `ask_all` in a thread, so that the check is not stuck where the answer is."""

    def __init__(self, answer: Answer, branches: Branches, questions: list[tuple[str, str]], per_branch: int) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._branches = branches
        self._before = set(threading.enumerate())
        self._call = answer.ask_all
        self.thread = threading.Thread(target=self._run, args=[list(questions), branches.ask, per_branch], daemon=True)
        self.thread.start()

    def _run(self, *arguments: Any) -> None:
        try:
            self.result = self._call(*arguments)
        except BaseException as error:
            self.error = error

    def outcome(self, story: str) -> Any:
        """Let all branches answer; return what the call gives, or the exception as text. It has to end, tidily."""
        self._branches.allow()
        seen, still = None, 0
        while self.thread.is_alive() and still < STILL:
            now = len(self._branches.begun), len(self._branches.answered), threading.active_count()
            seen, still = now, still + 1 if now == seen else 0
            moment(self.thread)
        ended = not self.thread.is_alive()
        require(ended, f"{story}: {len(self._branches.answered)} questions are answered, no call is under way, and "
                       "ask_all does not end.", hint=3)
        left = [one for one in threading.enumerate() if one not in self._before and one is not self.thread]
        for one in left:
            one.join(0.2)
        expect([one.name for one in left if one.is_alive()], [], f"{story}: the threads that still run when ask_all "
               "has ended", hint=3)
        return self.result if self.error is None else f"raises {type(self.error).__name__}: {self.error}"


def moment(thread: threading.Thread) -> None:
    """Wait for the end of a thread, not for long: on a busy machine as much longer as all threads take."""
    one = threading.Thread(target=thread.join, args=[0.05])
    one.start()
    one.join()


def until(holds: Callable[[], bool], seconds: float = PATIENCE, branches: Branches | None = None) -> bool:
    """Wait until `holds()`; tell whether it does. Where `branches` are given, calls and threads that begin count."""
    deadline, seen = time.monotonic() + seconds, None
    while not holds():
        if branches and seen != (now := (len(branches.begun), threading.active_count())):
            deadline, seen = time.monotonic() + seconds, now
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def many(branch: str, number: int) -> list[tuple[str, str]]:
    """So many questions for one branch."""
    return [(branch, f"book {one}") for one in range(number)]


@check("the answers stand in the order of the questions", timeout=15)
def keeps_order(answer: Answer) -> None:
    """Who is asked first is not answered first; then equal questions, none at all, and answers that are no text."""
    questions = [("Harbour", "Dune"), ("Castle", "Emma"), ("Mill", "Ulysses")]
    for first, second, last in (("Mill", "Castle", "Harbour"), ("Castle", "Mill", "Harbour"),
                                ("Mill", "Harbour", "Castle"), ("Castle", "Harbour", "Mill")):
        branches = Branches()
        catalogue = Catalogue(answer, branches, questions, 1)
        for name in (first, second, last):
            until(lambda name=name, asked=branches.begun: name in {branch for branch, _ in asked}, CALM)
            branches.allow(name)
            until(lambda name=name, asked=branches.answered: name in {branch for branch, _ in asked}, CALM)
        story = f"ask_all({questions}, ask, 1), where {first} answers first and {last} last"
        expect(catalogue.outcome(story), ["Dune at Harbour", "Emma at Castle", "Ulysses at Mill"],
               f"{story}: the answers", hint=3)
    for questions in ([("Harbour", "Dune")] * 3, []):
        branches, story = Branches(), f"ask_all({questions}, ask, 2)"
        expect(Catalogue(answer, branches, questions, 2).outcome(story), ["Dune at Harbour"] * len(questions),
               f"{story}: the answers", hint=3)
        expect(len(branches.begun), len(questions), f"{story}: how often `ask` is called")
    answers = {"Dune": None, "Emma": LookupError("no Emma")}
    questions = [("Harbour", title) for title in answers]
    story = "`ask` returns None for Dune, and an exception for Emma"
    got = Catalogue(answer, Branches(answers=answers), questions, 1).outcome(story)
    expect(got, list(answers.values()), f"{story}, which is not to raise it: ask_all", hint=3)


@check("never more than allowed are under way at a branch", needs=keeps_order, timeout=15)
def respects_the_limit(answer: Answer) -> None:
    """No branch answers for a while, so all who may come are in."""
    for per_branch in (1, 3):
        branches, questions = Branches(), []
        for one, two in zip(many("Harbour", 8), many("Castle", 8), strict=True):
            questions += [one, two]
        catalogue = Catalogue(answer, branches, questions, per_branch)
        until(lambda branches=branches, n=per_branch: min(branches.inside["Harbour"], branches.inside["Castle"]) >= n,
              2 * CALM)
        for branch in ("Harbour", "Castle", "Castle"):
            until(lambda branches=branches, n=per_branch: max(branches.most.values(), default=0) > n, CALM / 2)
            branches.allow(branch)
        story = f"8 questions for Harbour and 8 for Castle, per_branch = {per_branch}"
        catalogue.outcome(story)
        for branch in ("Harbour", "Castle"):
            require(branches.most[branch] <= per_branch, f"{story}: {branches.most[branch]} calls for {branch} were "
                                                         "under way at once.", hint=1)


@check("as many as allowed are under way, and the next begins when one ends", needs=respects_the_limit, timeout=20)
def uses_the_limit(answer: Answer) -> None:
    """One call after the other is answered, the others go on waiting; with few callers at a branch, and with many."""
    for number, per_branch in ((7, 3), (44, 40)):
        branches, questions = Branches(), many("Harbour", number)
        catalogue = Catalogue(answer, branches, questions, per_branch)
        seen = []
        for done in range(4):
            least = done + per_branch
            until(lambda branches=branches, least=least: len(branches.begun) >= least, branches=branches)
            seen.append((done, len(branches.begun)))
            if len(branches.begun) < least:
                break
            title = branches.begun[done][1]
            branches.allow(title)
            until(lambda branches=branches, done=done: len(branches.answered) > done)
        story = f"{number} questions for Harbour, per_branch = {per_branch}"
        catalogue.outcome(story)
        for done, begun in seen:
            ended = "none has" if not done else "one has" if done == 1 else f"{done} have"
            require(begun == done + per_branch, f"{story}: {begun} calls have begun, {ended} been answered, no other "
                    "one begins.", hint=2)


@check("a branch that does not answer holds up nobody else", needs=uses_the_limit, timeout=20)
def passes_the_slow(answer: Answer) -> None:
    """Hundreds of questions for a branch that is silent stand before, between and behind those for another one."""
    slow, quick = many("Harbour", 300), many("Castle", 6)
    for words, questions in (("stand before 6 for Castle", slow + quick),
                             ("stand before, between and behind 6 for Castle",
                              slow[:140] + quick[:3] + slow[140:280] + quick[3:] + slow[280:])):
        branches = Branches()
        catalogue = Catalogue(answer, branches, questions, 2)
        branches.allow("Castle", len(quick))
        until(lambda branches=branches: len(branches.answered) == len(quick), branches=branches)
        answered = len(branches.answered)
        catalogue.outcome("306 questions")
        require(answered == len(quick), f"per_branch = 2; 300 questions for Harbour {words}. Harbour does not answer, "
                f"Castle would at once: {answered} of its 6 are answered.", hint=2)


@check("a question that fails keeps no other one from being asked", needs=passes_the_slow, points=2, timeout=20)
def asks_all_the_same(answer: Answer) -> None:
    """A failure with two waiting behind it, of either kind; then failures in another order than their questions."""
    questions = [*many("Harbour", 3), ("Castle", "Emma")]
    for error in (ConnectionError, SystemExit):
        branches, name = Branches("book 0", error=error), error.__name__
        story = f"3 questions for Harbour, 1 for Castle, per_branch = 1; `ask` raises {name} for the very first one"
        catalogue = Catalogue(answer, branches, questions, 1)
        branches.allow("book 0")
        until(lambda branches=branches: bool(branches.answered))
        until(lambda catalogue=catalogue: not catalogue.thread.is_alive(), CALM)  # the next one waits meanwhile
        got = catalogue.outcome(story)
        expect(sorted(branches.begun), sorted(questions), f"{story}: the questions that are asked", hint=3)
        expect(got, f"raises {name}: Harbour hangs up on book 0", f"{story}: ask_all", hint=3)
    questions = [("Mill", "Walden"), ("Harbour", "Dune"), ("Castle", "Emma"), ("Mill", "Ulysses")]
    branches = Branches("Dune", "Emma")
    catalogue = Catalogue(answer, branches, questions, 1)
    ended_early = False
    for title in ("Emma", "Dune"):  # Mill is silent
        until(lambda title=title: title in {asked for _, asked in branches.begun})
        branches.allow(title)
        until(lambda title=title: title in {asked for _, asked in branches.answered})
        ended_early = ended_early or until(lambda: not catalogue.thread.is_alive(), CALM)
    got = catalogue.outcome("4 questions")
    story = "`ask` raises ConnectionError first for Emma at Castle, then for Dune at Harbour, who stands first"
    require(not ended_early, f"{story}. Mill has not answered yet, and ask_all has ended.", hint=3)
    expect(got, "raises ConnectionError: Harbour hangs up on Dune", f"{story}: ask_all", hint=3)
    expect(len(branches.begun), 4, f"{story}: the number of questions that are asked", hint=3)
