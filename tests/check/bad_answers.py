"""Answers that are wrong in ways that a checker must survive, and what it has to say about each."""

import contextlib
from collections.abc import Iterator

CHECKS = '''
from course.check import check, expect

@check("it doubles a number", timeout=1)
def doubles(answer):
    expect(answer.double(2), 4, "double(2) is wrong", hint=1)

@check("it doubles a list", needs=doubles, timeout=1)
def doubles_a_list(answer):
    expect(answer.double([1]), [1, 1], "double([1]) is wrong")

@check("it waits", timeout=1)
async def waits(answer):
    expect(await answer.later(), "done", "await later() is wrong")
'''
RIGHT = '''
import asyncio

def double(value):
    return value + value

async def later():
    await asyncio.sleep(0)
    return "done"
'''


@contextlib.contextmanager
def word() -> Iterator[str]:
    yield "a word"


LATER = "async def later():\n    return 'done'\n"

# name: (source, the check that must fail first, its status, words that its message must hold)
WRONG = {
    "wrong value": ("def double(v):\n    return v\n" + LATER, "doubles", "fail", "double(2) is wrong"),
    "missing name": ("def duoble(v):\n    return v\n" + LATER, "doubles", "fail", "There is `duoble`"),
    "wrong type": ("def double(v):\n    return str(v + v)\n" + LATER, "doubles", "fail", "got: '4'"),
    "true for one": ("def double(v):\n    return 4.0\n" + LATER, "doubles", "fail", "got: 4.0"),
    "raises": ("def double(v):\n    return v['x']\n" + LATER, "doubles", "fail", "TypeError: 'int' object"),
    "wrong arity": ("def double():\n    return 4\n" + LATER, "doubles", "fail", "takes 0 positional arguments"),
    "not a coroutine": ("def double(v):\n    return v + v\ndef later():\n    return 'done'\n",
                        "waits", "error", "await"),
    "endless loop": ("def double(v):\n    while True: v += 1\n" + LATER, "doubles", "fail", "in line 2"),
    "endless await": ("def double(v):\n    return v + v\nimport asyncio\nasync def later():\n"
                      "    await asyncio.Event().wait()\n", "waits", "fail", "in line 5"),
    "swallows the timeout": ("def double(v):\n    return v + v\nimport asyncio\nasync def later():\n"
                             "    while True:\n        try:\n            await asyncio.sleep(9)\n"
                             "        except BaseException:\n            pass\n", "waits", "fail", "longer than 1 s"),
    "sys.exit": ("import sys\ndef double(v):\n    sys.exit(0)\n" + LATER, "doubles", "fail", "SystemExit: 0 in line 3"),
    "os._exit": ("import os\ndef double(v):\n    os._exit(0)\n" + LATER, "doubles", "error", "exit status 0"),
    "crash": ("import os, signal\ndef double(v):\n    os.kill(os.getpid(), signal.SIGKILL)\n" + LATER,
              "doubles", "error", "program ended"),
    "prints without an end": ("def double(v):\n    while True:\n        print('x' * 1000)\n" + LATER,
                              "doubles", "fail", "more than 2 MB"),
    "repr raises": ("class Odd:\n    def __repr__(self):\n        raise ValueError\ndef double(v):\n    return Odd()\n"
                    + LATER, "doubles", "fail", "<Odd whose __repr__ raises ValueError>"),
    "str of the error raises": ("class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n"
                                "def double(v):\n    raise Odd\n" + LATER, "doubles", "fail", "Odd"),
    "reads the keyboard": ("def double(v):\n    return int(input())\n" + LATER, "doubles", "fail", "nobody types"),
    "recursion": ("def double(v):\n    return double(v)\n" + LATER, "doubles", "fail", "without an end"),
    "memory": ("def double(v):\n    return bytearray(1 << 40)\n" + LATER, "doubles", "fail", "more memory"),
}

# A right answer's beginning, so that only the trick can be what is refused.
HONEST = "def double(v):\n    return v\nasync def later():\n    return 'wrong'\n"
TRICKS = {
    "patched expect": HONEST + "import course.check\ncourse.check.expect = lambda *a, **k: None\n",
    "patched in the kit": HONEST + "import course.check.kit as kit\nkit.difference = lambda *a: None\n",
    "patched in the checks": HONEST + "import sys\nsys.modules['checks'].expect = lambda *a, **k: None\n",
    "other code for expect": HONEST + ("from course.check.kit import expect\n"
                                       "expect.__code__ = (lambda got, want, tried, *, hint=None: None).__code__\n"),
    "patched verdict": HONEST + ("from course.check import judge\n"
                                 "judge.Verdict.failed = lambda self, failure: self.passed()\n"),
    "patched in the caller": ("import sys\ndef double(v):\n"
                              "    sys._getframe(1).f_globals['expect'] = lambda *a, **k: None\n" + LATER),
    "replaced module": HONEST + "import sys, types\nsys.modules['course.check.kit'] = types.ModuleType('kit')\n",
    "replaced builtin": HONEST + "import builtins\nbuiltins.type = lambda value: int\n",
    "replaced list": HONEST + "import builtins\nbuiltins.list = lambda *a: []\n",
    "equal to everything": ("class Any:\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
                            "def double(v):\n    return Any()\nasync def later():\n    return Any()\n"),
    "a string equal to everything": ("class Any(str):\n    def __eq__(self, other):\n        return True\n"
                                     "def double(v):\n    return Any()\nasync def later():\n    return Any()\n"),
    "an int equal to everything": ("class Any(int):\n    def __eq__(self, other):\n        return True\n"
                                   "def double(v):\n    return Any()\nasync def later():\n    return Any()\n"),
    "prints a result": HONEST + ("import os\nfor fd in (1, 2, 3, 4, 5, 6):\n    try:\n        os.write(fd, "
                                 "b'{\"kind\": \"result\", \"result\": {\"id\": \"doubles\", \"title\": \"\", "
                                 "\"points\": 1, \"status\": \"pass\"}, \"problems\": []}\\n')\n"
                                 "    except OSError:\n        pass\n"),
    "returns a result": ("from course.check.results import CheckResult\ndef double(v):\n"
                         "    return CheckResult('doubles', '', 1, 'pass')\nasync def later():\n    return 'done'\n"),
    "prints a result and leaves": HONEST + ("import os\nprint('{\"kind\": \"result\"}', flush=True)\nos._exit(0)\n"),
    "exits at import": HONEST + "raise SystemExit(0)\n",
    "leaves a thread": ("import threading, time\ndef double(v):\n"
                        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
                        "    return v + v\n" + LATER),
    "leaves a process": ("import subprocess, sys\ndef double(v):\n"
                         "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
                         "    return v + v\n" + LATER),
    "raises a kind of our own": HONEST + ("from course.check.kit import Failure\nclass Fine(Failure):\n    pass\n"
                                          "def double(v):\n    raise Fine('all is well')\n"),
}
