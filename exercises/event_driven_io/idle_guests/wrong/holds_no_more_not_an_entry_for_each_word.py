# caught by: holds_no_more
# says: have spoken
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
        heapq.heappush(self.heap, (now + self.limit, number, guest))

    def forget(self, guest):
        self.last.pop(guest, None)

    def expired(self, now):
        found = []
        while self.heap and self.heap[0][0] <= now:
            due, number, guest = heapq.heappop(self.heap)
            if guest in self.last and self.last[guest][1] == number:
                found.append(guest)
                del self.last[guest]
        return found

    def wait(self, now):
        while self.heap and self.last.get(self.heap[0][2], (0, -1))[1] != self.heap[0][1]:
            heapq.heappop(self.heap)
        if not self.heap:
            return None
        return max(0.0, self.heap[0][0] - now)
