# caught by: holds_no_more
# says: have come, and all but the last ten have gone
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
        number = next(self.numbers)
        if guest not in self.last:
            heapq.heappush(self.heap, (now, number, guest))
            self.last[guest] = (now, number, number)
        else:
            self.last[guest] = (now, number, self.last[guest][2])

    def forget(self, guest):
        self.last.pop(guest, None)

    def settle(self):
        """One entry for each guest: one that has spoken since is put in again."""
        while self.heap:
            since, entry, guest = self.heap[0]
            if guest not in self.last or self.last[guest][2] != entry:
                heapq.heappop(self.heap)
                continue
            last, number, _ = self.last[guest]
            if number == entry:
                return
            self.last[guest] = (last, number, number)
            heapq.heapreplace(self.heap, (last, number, guest))

    def expired(self, now):
        found = []
        self.settle()
        while self.heap and self.heap[0][0] + self.limit <= now:
            guest = heapq.heappop(self.heap)[2]
            found.append(guest)
            del self.last[guest]
            self.settle()
        return found

    def wait(self, now):
        self.settle()
        return max(0.0, self.heap[0][0] + self.limit - now) if self.heap else None
