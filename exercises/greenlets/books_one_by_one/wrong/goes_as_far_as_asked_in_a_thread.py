# caught by: goes_as_far_as_asked
# says: the walk ran in another
"""A function that calls back, turned into an iterator; the function stays as it is."""

import threading


class Closed(BaseException):
    """The reader has gone."""


def each(walk, *arguments):
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    go, ready = threading.Semaphore(0), threading.Semaphore(0)
    state = {"closed": False}

    def visit(value):
        state["value"] = value
        ready.release()
        go.acquire()
        if state["closed"]:
            raise Closed

    def work():
        go.acquire()
        try:
            walk(*arguments, visit)
        except Closed:
            pass
        except BaseException as error:
            state["error"] = error
        state["dead"] = True
        ready.release()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            go.release()
            ready.acquire()
            if "error" in state:
                raise state["error"]
            if "dead" in state:
                return
            yield state["value"]
    finally:
        state["closed"] = True
        go.release()
        thread.join()
