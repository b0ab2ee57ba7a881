# caught by: pauses_anywhere
# says: jobs ran in another
"""Plain functions that take turns."""

import threading
from collections import deque


class Desk:
    """Gives turns to jobs, one after the other, until all have ended."""

    def __init__(self):
        self.log = []
        self.results = {}
        self.queue = deque()
        self.back = threading.Semaphore(0)
        self.turns = {}

    def start(self, name, job, *arguments):
        turn = threading.Semaphore(0)

        def work():
            turn.acquire()
            try:
                self.results[name] = job(*arguments)
            except Exception as error:
                self.results[name] = error
            self.back.release()

        thread = threading.Thread(target=work, daemon=True)
        self.turns[thread] = turn
        thread.start()
        self.queue.append((name, thread))

    def pause(self):
        turn = self.turns.get(threading.current_thread())
        if turn is not None:
            self.back.release()
            turn.acquire()

    def run(self):
        while self.queue:
            name, thread = self.queue.popleft()
            self.log.append(name)
            self.turns[thread].release()
            self.back.acquire()
            if name in self.results:
                thread.join()
            else:
                self.queue.append((name, thread))
