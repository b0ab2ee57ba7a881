# caught by: adds_the_book
# says: got: None
def lend(book, loans=None):
    loans = [] if loans is None else loans
    return loans.append(book)
