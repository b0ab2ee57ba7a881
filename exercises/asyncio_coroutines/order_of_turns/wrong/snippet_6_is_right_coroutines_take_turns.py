# caught by: snippet_6_is_right
# says: Snippet 6: 2 of your lines
"""The lines of six snippets, in the order in which they are written."""

order_1: list[str] = [
    "called",
    "Dune is reserved",
    "awaited",
]

order_2: list[str] = [
    "door",
    "light",
    "bell",
    "desk",
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
    "Castle?",
    "Castle!",
    "Harbour!",
    "tasks",
    "Harbour?",
    "Castle?",
    "Castle!",
    "Harbour!",
]
