# An `if` in place of the conditional expression.
def lend(book, loans=None):
    if loans is None:
        loans = []
    loans.append(book)
    return loans
