# caught by: needs_little_work
# says: guests come
"""Who has been silent for too long, and how long may a loop sleep?"""



class IdleGuests:
    def __init__(self, limit):
        self.limit = limit
        self.last = []

    def touch(self, guest, now):
        self.forget(guest)
        self.last.append((guest, now))

    def forget(self, guest):
        self.last = [pair for pair in self.last if pair[0] != guest]

    def expired(self, now):
        found = []
        while self.last and self.last[0][1] + self.limit <= now:
            found.append(self.last.pop(0)[0])
        return found

    def wait(self, now):
        return max(0.0, self.last[0][1] + self.limit - now) if self.last else None
