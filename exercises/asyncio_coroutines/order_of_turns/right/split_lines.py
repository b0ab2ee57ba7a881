# different: the lists are made from texts, one line each, and the last is a tuple
"""The lines of six snippets, in the order in which they are written."""

order_1 = """\
called
Dune is reserved
awaited
""".splitlines()

order_2 = """\
door
light
bell
desk
open
""".splitlines()

order_3 = """\
Ada book 0
Bo book 0
Cy leaves
Ada book 1
Bo leaves
Ada leaves
closed
""".splitlines()

order_4 = """\
Ada asks
Bo asks
answered
desk reads Dune
Ada gets Dune
Bo gets Dune
Bo is done
""".splitlines()

order_5 = """\
Castle begins
cancelled both
Castle stops
end
""".splitlines()

order_6 = (
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
)
