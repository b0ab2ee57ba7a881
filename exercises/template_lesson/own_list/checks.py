"""What `lend` must do: each check looks at one behaviour and says what it tried."""

from course.check import Answer, check, expect, require


@check("the book is in the list that comes back")
def adds_the_book(answer: Answer) -> None:
    expect(answer.lend("Dune", []), ["Dune"], 'lend("Dune", []) must return a list with the book', hint=1)


@check("two calls without a list do not share one", needs=adds_the_book)
def begins_anew(answer: Answer) -> None:
    answer.lend("Dune")
    expect(answer.lend("Emma"), ["Emma"], 'lend("Dune") and then lend("Emma"): the second must know Emma only', hint=2)


@check("a list that is handed in is kept, even an empty one", needs=adds_the_book)
def keeps_the_list(answer: Answer) -> None:
    mine: list[str] = []
    require(answer.lend("Dune", mine) is mine, 'lend("Dune", mine) must return `mine` itself, not another list', hint=3)
