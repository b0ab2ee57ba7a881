# caught by: snippet_2_is_right
# says: Snippet 2: 2 of your lines
"""The lines of six snippets, in the order in which they are written."""

order_1: list[str] = [
    "called",
    "Dune is reserved",
    "awaited",
]

order_2: list[str] = [
    "door",
    "light",
    "desk",
    "bell",
    "open",
]

order_3: list[str] = [
    "Ada book 0",
    "Bo book 0",
    "Cy leaves",
    "Ada book 1",
    "Bo leaves",
    "Ada leaves",
    "closed",
]

order_4: list[str] = [
    "Ada asks",
    "Bo asks",
    "answered",
    "desk reads Dune",
    "Ada gets Dune",
    "Bo gets Dune",
    "Bo is done",
]

order_5: list[str] = [
    "Castle begins",
    "cancelled both",
    "Castle stops",
    "end",
]

order_6: list[str] = [
    "calls",
    "Harbour?",
    "Harbour!",
    "Castle?",
    "Castle!",
    "tasks",
    "Harbour?",
    "Castle?",
    "Castle!",
    "Harbour!",
]
