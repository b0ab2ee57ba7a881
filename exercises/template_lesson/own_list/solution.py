"""Loans of a shared book shelf."""


# >>> write `lend(book, loans)`, where `loans` may be left out
def lend(book: str, loans: list[str] | None = None) -> list[str]:
    loans = [] if loans is None else loans
    loans.append(book)
    return loans
# <<<
