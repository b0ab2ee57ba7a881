# caught by: begins_anew
# says: must know Emma only
def lend(book, loans=[]):
    loans.append(book)
    return loans
