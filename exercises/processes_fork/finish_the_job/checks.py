"""A worker in a Python of its own: it is given jobs over a pipe, tells each step, and is sent real signals."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from queue import Empty, Queue
from types import TracebackType

from course.check import Answer, Failure, check, expect, require

PATIENCE = 12.0  # seconds for one step of the worker; nobody who is right takes two
BUSY = 90.0
DRIVER = """
import os, runpy, select, signal, sys
path, gate, told = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
coming = b""

def tell(words):
    os.write(told, (words + "\\n").encode())

def take(seconds):
    global coming
    tell("asks")
    while b"\\n" not in coming:
        if not select.select([0], [], [], seconds)[0]:
            return None
        piece = os.read(0, 1000)
        if not piece:
            raise EOFError
        coming += piece
    job, _, coming = coming.partition(b"\\n")
    tell("takes " + job.decode())
    if job == b"late":  # SIGTERM comes when the job is handed over
        os.kill(os.getpid(), signal.SIGTERM)
    return job.decode()

def do(job):
    tell("begins " + job)
    try:
        if job.startswith("slow"):
            os.read(gate, 1)
        if job == "bad":
            raise EOFError("no paper")
    except EOFError:
        raise
    except BaseException as error:
        tell("disturbed by " + type(error).__name__)
        raise
    tell("ends " + job)

earlier = lambda number, frame: tell("the earlier handler")
signal.signal(signal.SIGTERM, earlier)
work = runpy.run_path(path)["work"]
tell("ready")
try:
    got = work(take, do)
    tell("returned" if got is None else "returned " + repr(got))
except BaseException as error:
    tell("raised " + type(error).__name__)
tell("SIGTERM as before: " + str(signal.getsignal(signal.SIGTERM) is earlier))
"""


class Worker:
    """The worker's process; what it tells arrives in `steps`, asking left out."""

    def __init__(self, answer: Answer, story: str) -> None:
        self.story, self.steps = story, list[str]()
        self.news: Queue[str] = Queue()
        gate_read, self.gate = os.pipe()
        told_read, told = os.pipe()
        path = answer.work.__code__.co_filename
        command = [sys.executable, "-c", DRIVER, path, str(gate_read), str(told)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, pass_fds=(gate_read, told), bufsize=0)
        os.close(gate_read)
        os.close(told)
        self.reader = threading.Thread(target=self._read, args=[told_read])
        self.reader.start()

    def _read(self, told: int) -> None:
        with open(told) as lines:
            for line in lines:
                self.news.put(line.strip())
        self.news.put("")  # the worker has ended

    def __enter__(self) -> "Worker":
        self.until("ready")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        self.no_more()
        self.reader.join()
        os.close(self.gate)

    def until(self, step: str, hint: int = 2) -> None:
        """Wait until the worker tells this step; note those on the way."""
        while True:
            try:
                said = self.news.get(timeout=PATIENCE)
            except Empty:
                raise Failure(f"{self.story}: {PATIENCE:g} seconds later it has not come to \"{step}\". So far: "
                              f"{self.so_far}.", hint=hint) from None
            if said not in ("", "asks"):
                self.steps.append(said)
            if said == step:
                return
            if not said:
                raise Failure(f"{self.story}: it ended (exit code {self.process.wait()}) before \"{step}\". So far: "
                              f"{self.so_far}.", hint=hint)

    def asked(self, hint: int) -> None:
        """Wait until the worker asks for a job."""
        try:
            said = self.news.get(timeout=PATIENCE)
        except Empty:
            said = "nothing"
        require(said == "asks", f"{self.story}: instead of asking for the next job it tells \"{said}\".", hint=hint)

    @property
    def so_far(self) -> str:
        return ", ".join(self.steps[1:]) or "nothing"

    def give(self, *jobs: str) -> None:
        """Hand in jobs."""
        assert self.process.stdin
        with suppress(BrokenPipeError):  # the worker has ended: that shows in its steps
            self.process.stdin.write("".join(f"{job}\n" for job in jobs).encode())

    def no_more(self) -> None:
        """Say that the night is over."""
        assert self.process.stdin
        with suppress(BrokenPipeError):
            self.process.stdin.close()

    def terminate(self) -> None:
        """Send SIGTERM."""
        os.kill(self.process.pid, signal.SIGTERM)

    def go_on(self) -> None:
        """Let the job in hand come to its end."""
        os.write(self.gate, b".")


def steps(*jobs: str) -> list[str]:
    """Return the steps in which these jobs are done."""
    return [f"{step} {job}" for job in jobs for step in ("takes", "begins", "ends")]


@check("jobs are done in turn, until there are no more", timeout=BUSY)
def does_jobs(answer: Answer) -> None:
    """Three jobs, one of them after a while in which none came; then the end."""
    with Worker(answer, "Jobs Ada and Ben, later Cleo, then the end of the night, and no signal") as worker:
        worker.give("Ada", "Ben")
        worker.until("ends Ben", hint=3)
        worker.asked(3)
        threading.Event().wait(1.5)  # a worker that asks again and again gets None now
        worker.give("Cleo")
        worker.until("ends Cleo", hint=3)
        worker.no_more()
        worker.until("returned", hint=3)
        expect(worker.steps[1:], [*steps("Ada", "Ben", "Cleo"), "returned"], f"{worker.story}: the steps of the worker",
               hint=3)


@check("SIGTERM during a job: it is done to its end, and no other is taken", needs=does_jobs, points=2, timeout=BUSY)
def finishes_the_job(answer: Answer) -> None:
    """Once, and twice in the same job; another job is waiting."""
    for times in (1, 2):
        often = "SIGTERM" if times == 1 else "SIGTERM twice"
        with Worker(answer, f"Jobs 'slow' and 'Ben'; {often} while 'slow' is at work, which then goes on") as worker:
            worker.give("slow", "Ben")
            worker.until("begins slow", hint=1)
            for _ in range(times):
                worker.terminate()
                with suppress(Empty):
                    said = worker.news.get(timeout=0.5)
                    raise Failure(f"{worker.story}: at the signal the worker tells \"{said}\", and the job is not done.",
                                  hint=1)
            worker.go_on()
            worker.until("returned", hint=1)
            expect(worker.steps[1:], [*steps("slow"), "returned"], f"{worker.story}: the steps of the worker", hint=1)


@check("SIGTERM when a job is handed over: it is done", needs=finishes_the_job, timeout=BUSY)
def finishes_what_it_took(answer: Answer) -> None:
    """The signal comes in the last line of `take`."""
    with Worker(answer, "Jobs 'late' and 'Ben'; SIGTERM comes when `take` hands over 'late'") as worker:
        worker.give("late", "Ben")
        worker.until("returned", hint=1)
        expect(worker.steps[1:], [*steps("late"), "returned"], f"{worker.story}: the steps of the worker", hint=1)


@check("SIGTERM while it waits for a job: it returns", needs=does_jobs, points=2, timeout=BUSY)
def leaves_the_wait(answer: Answer) -> None:
    """No job at all, and one that was done before."""
    for jobs in ((), ("Ada",)):
        before = f"after {len(jobs)} job" if jobs else "before any job"
        with Worker(answer, f"SIGTERM while the worker waits in `take`, {before}") as worker:
            worker.give(*jobs)
            if jobs:
                worker.until("ends Ada")
            worker.asked(2)
            threading.Event().wait(0.3)  # so that it stands in the wait, and not before it
            worker.terminate()
            worker.until("returned", hint=2)
            expect(worker.steps[1:], [*steps(*jobs), "returned"], f"{worker.story}: the steps of the worker", hint=2)


@check("afterwards SIGTERM means what it meant before", needs=leaves_the_wait, timeout=BUSY)
def gives_the_signal_back(answer: Answer) -> None:
    """After the end of the night, after a signal, and after a job that failed."""
    for how, job, end in (("the end of the night", "Ada", "returned"), ("SIGTERM in a job", "slow", "returned")):
        with Worker(answer, f"`work` returns because of {how}") as worker:
            worker.give(job)
            worker.until(f"begins {job}", hint=3)
            if job == "slow":
                worker.terminate()
                worker.go_on()
            else:
                worker.no_more()
            worker.until(end, hint=3)
            said = worker.news.get(timeout=PATIENCE)
            expect(said, "SIGTERM as before: True", f"{worker.story}: whether the handler is the earlier one", hint=3)


@check("what a job raises leaves `work`, and the signal is given back", needs=gives_the_signal_back, timeout=BUSY)
def lets_failures_out(answer: Answer) -> None:
    """A job that raises EOFError is not the end of the night."""
    with Worker(answer, "Jobs 'bad', which raises EOFError, and 'Ben'") as worker:
        worker.give("bad", "Ben")
        worker.until("raised EOFError", hint=3)
        said = worker.news.get(timeout=PATIENCE)
        expect(said, "SIGTERM as before: True", f"{worker.story}: whether the handler is the earlier one", hint=3)
