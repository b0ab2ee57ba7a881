# caught by: keeps_the_list
# says: not another list
def lend(book, loans=None):
    loans = loans or []
    loans.append(book)
    return loans
