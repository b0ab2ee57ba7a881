"""The representation of a book as CSV."""

import csv
import io


def as_csv(book: dict) -> bytes:
    """Return a line of names and a line of values.

    In earnest defuse a value that begins with `=`, `+`, `-` or `@`: members write them, and a spreadsheet runs them.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([book.keys(), book.values()])
    return text.getvalue().encode()
