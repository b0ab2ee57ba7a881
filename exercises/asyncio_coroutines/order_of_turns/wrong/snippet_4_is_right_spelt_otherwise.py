# caught by: snippet_4_is_right
# says: is spelt 'desk reads Dune' in the snippet
"""The lines of six snippets, in the order in which they are written."""

order_1: list[str] = [
    "called",  # calling made a coroutine, and ran nothing
    "Dune is reserved",
    "awaited",
]

order_2: list[str] = [
    "door",  # awaiting a coroutine is a call: the bell is queued, and waits
    "light",
    "bell",  # sleep(0) is the first stop
    "desk",
    "open",  # the bell is done, so this await does not stop
]

order_3: list[str] = [
    "Ada book 0",  # queue: Ada Bo Cy
    "Bo book 0",
    "Cy leaves",  # no stop before its end
    "Ada book 1",  # queue: Ada Bo
    "Bo leaves",
    "Ada leaves",
    "closed",
]

order_4: list[str] = [
    "Ada asks",
    "Bo asks",
    "answered",  # set_result put both into the queue; this turn goes on
    "Desk reads Dune ",  # a future that is done does not stop who awaits it
    "Ada gets Dune",
    "Bo gets Dune",
    "Bo is done",
]

order_5: list[str] = [
    "Castle begins",
    "cancelled both",  # asked for, not yet delivered
    "Castle stops",  # delivered at its await; Mill never began, so it never will
    "end",
]

order_6: list[str] = [
    "calls",
    "Harbour?",  # the coroutines run one after the other
    "Harbour!",
    "Castle?",
    "Castle!",
    "tasks",
    "Harbour?",  # the tasks take turns
    "Castle?",
    "Castle!",  # its second turn; Harbour has just had its second of three
    "Harbour!",
]
