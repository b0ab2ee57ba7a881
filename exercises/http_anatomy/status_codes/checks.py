"""The table is compared line by line; what is said is what the chosen code would tell a client."""

from typing import Any

from course.check import Answer, check, require

TELLS = {
    200: "all went well, and the answer follows",
    201: "something new has been made",
    204: "all went well, and nothing follows",
    301: "it has moved for good, ask there",
    304: "nothing has changed, take what you have stored",
    400: "I cannot make a request of what you sent",
    401: "I do not know who you are",
    403: "I know what you want, and refuse it",
    404: "there is nothing at this address",
    405: "this address does not have that method",
    409: "your request does not fit the present state",
    500: "something unexpected went wrong on my side",
    502: "the server behind me gave a bad answer",
    503: "I cannot at the moment, come back later",
}
FACTS: dict[str, tuple[int, str]] = {
    "empty_search": (200, "there is an answer, and it follows: a list, with nothing in it"),
    "new_loan": (201, "there is a loan now that was not there before, and a client may want to know that"),
    "hold_removed": (204, "all went well, and nothing follows"),
    "unchanged": (
        304,
        "nothing went wrong, and what the client has stored is still good: no need to send it",
    ),
    "no_host": (400, "Shelf is well, and the request breaks a rule of HTTP itself"),
    "stranger": (401, "the client has not said who it is, and might, and then it would work"),
    "someone_elses": (
        403,
        "the client has said who it is, and saying it again changes nothing: it may not see these",
    ),
    "no_such_book": (404, "Shelf is well, and has nothing at this address"),
    "last_copy_out": (
        409,
        "the address and the request are fine: it is the state of the shelf that it does not fit",
    ),
    "our_bug": (
        500,
        "the client did nothing wrong, nobody knows when it will work, and no other server is involved",
    ),
    "backup": (503, "the client did nothing wrong, and in ten minutes the same request will work"),
}
METHODS = {
    "new_loan": "POST",
    "last_copy_out": "POST",
    "our_bug": "POST",
    "hold_removed": "DELETE",
    "no_such_book": "HEAD",
    "backup": "PUT",
}
WITHOUT_CONTENT = {
    "hold_removed": "the status 204",
    "unchanged": "the status 304",
    "no_such_book": "the method HEAD",
}


def table(answer: Answer) -> dict[str, Any]:
    """Return the choices; what is missing or of another kind is told in words."""
    choices = answer.CHOICES
    require(isinstance(choices, dict), f"CHOICES is of type {type(choices).__name__}, not a dict")
    for name in FACTS:
        require(name in choices, f"CHOICES has no entry {name!r}")
        choice = choices[name]
        require(isinstance(choice, answer.Choice), f"{name}: {choice!r} is not a Choice")
        status, content, resend = choice
        known = ", ".join(map(str, TELLS))
        require(
            isinstance(status, int) and status in TELLS,
            f"{name}: the status is {status!r}; write one of the numbers {known}",
            hint=1,
        )
        for column, value in (("content", content), ("resend", resend)):
            require(type(value) is bool, f"{name}: {column} is {value!r}; write True or False")
    unknown = sorted(str(name) for name in choices if name not in FACTS)
    require(not unknown, f"CHOICES has entries that the table does not have: {', '.join(unknown)}")
    return dict(choices)


def right_status(answer: Answer, names: list[str], hint: int) -> None:
    """Require the status of some situations."""
    choices = table(answer)
    for name in names:
        status = int(choices[name].status)
        wanted, fact = FACTS[name]
        require(
            status == wanted, f'{name}: {status} tells the client "{TELLS[status]}". But {fact}', hint=hint
        )


@check("each situation has a status code from the list, and twice True or False")
def fills_the_table(answer: Answer) -> None:
    table(answer)


@check("the four in which nothing went wrong say so, each as exactly as it can", needs=fills_the_table)
def says_what_went_well(answer: Answer) -> None:
    right_status(answer, ["empty_search", "new_loan", "hold_removed", "unchanged"], 2)


@check("the five in which the client has to change something say what", needs=fills_the_table)
def says_what_to_change(answer: Answer) -> None:
    right_status(answer, ["no_host", "stranger", "someone_elses", "no_such_book", "last_copy_out"], 2)


@check("the two that are the server's own fault say so, and whether waiting helps", needs=fills_the_table)
def owns_its_faults(answer: Answer) -> None:
    right_status(answer, ["our_bug", "backup"], 3)


@check("it is known after which responses no content comes", needs=fills_the_table)
def knows_who_has_content(answer: Answer) -> None:
    for name, choice in table(answer).items():
        if name in WITHOUT_CONTENT:
            require(
                choice.content is False,
                f"{name}: content is True. A client that waits for content after "
                f"{WITHOUT_CONTENT[name]} takes the next response for it",
                hint=2,
            )
        else:
            require(
                choice.content is True,
                f"{name}: content is False. Nothing forbids it here: the answer, or a text "
                "that says what is wrong, may follow the fields",
                hint=2,
            )


@check("it is known which requests a client may send again by itself", needs=fills_the_table)
def knows_what_may_be_sent_again(answer: Answer) -> None:
    for name, choice in table(answer).items():
        method = METHODS.get(name, "GET")
        if method == "POST":
            require(
                choice.resend is False,
                f"{name}: resend is True. If only the answer to this {method} was lost, "
                "the request has done its work, and a second one does it again",
                hint=3,
            )
        else:
            require(
                choice.resend is True,
                f"{name}: resend is False. It is a {method}: however often it arrives, "
                "afterwards all is as after the first time",
                hint=3,
            )
