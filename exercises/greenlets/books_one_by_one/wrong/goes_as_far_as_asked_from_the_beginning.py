# caught by: goes_as_far_as_asked
# says: What the walk has done
"""A function that calls back, turned into an iterator; the function stays as it is."""


class Enough(BaseException):
    """The book is found."""


def each(walk, *arguments):
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    number = 0
    while True:
        found = []

        def visit(value):
            found.append(value)
            if len(found) > number:
                raise Enough

        try:
            walk(*arguments, visit)
            return
        except Enough:
            yield found[-1]
        number += 1
