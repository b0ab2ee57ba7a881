# caught by: tells_the_silent
# says: TypeError
"""Who has been silent for too long, and how long may a loop sleep?"""

import heapq
import itertools


class IdleGuests:
    def __init__(self, limit):
        self.limit = limit
        self.last = {}
        self.heap = []
        self.numbers = itertools.count()

    def touch(self, guest, now):
        self.last[guest] = (now, number := next(self.numbers))
        heapq.heappush(self.heap, (now + self.limit, guest, number))

    def forget(self, guest):
        self.last.pop(guest, None)

    def expired(self, now):
        found = []
        while self.heap and self.heap[0][0] <= now:
            due, guest, number = heapq.heappop(self.heap)
            if guest in self.last and self.last[guest][1] == number:
                found.append(guest)
                del self.last[guest]
        return found

    def wait(self, now):
        while self.heap and self.last.get(self.heap[0][1], (0, -1))[1] != self.heap[0][2]:
            heapq.heappop(self.heap)
        if not self.heap:
            return None
        return max(0.0, self.heap[0][0] - now)
