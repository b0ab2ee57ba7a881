# caught by: takes_turns
# says: What was said, in order
"""Plain functions that take turns."""

from collections import deque


class Desk:
    """Gives turns to jobs, one after the other, until all have ended."""

    def __init__(self):
        self.log = []
        self.results = {}
        self.queue = deque()

    def start(self, name, job, *arguments):
        self.queue.append((name, job, arguments))

    def pause(self):
        if self.queue:
            self.turn()

    def turn(self):
        name, job, arguments = self.queue.popleft()
        self.log.append(name)
        try:
            self.results[name] = job(*arguments)
        except Exception as error:
            self.results[name] = error

    def run(self):
        while self.queue:
            self.turn()
