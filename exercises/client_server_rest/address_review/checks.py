"""The table is compared line by line; what is said is what the proposal, or yours, would mean."""

from typing import Any

from course.check import Answer, check, require

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FACTS: dict[str, tuple[str, str, str, str]] = {  # fault, method, address, and why it is that fault
    "find": ("verb", "GET", "/members/5", "`find` in the path repeats the method"),
    "in_branch": (
        "search",
        "GET",
        "/members?branch=harbour",
        "`harbour` is no number of a member: what is wanted are all members, narrowed down",
    ),
    "drop_hold": (
        "promise",
        "DELETE",
        "/holds/3",
        "a GET is safe, so a browser may send it to look ahead, and the hold is gone",
    ),
    "renew": (
        "none",
        "POST",
        "/loans/7/renewals",
        "renewals are things, kept in a list, and a POST to the list adds one",
    ),
    "go_on": (
        "memory",
        "GET",
        "/loans?page=3",
        "another client, or another server, would not know which page is meant",
    ),
    "retitle": ("verb", "PATCH", "/books/42", "`setTitle` is something that is done, not something that is"),
    "a_copy": (
        "moment",
        "GET",
        "/copies/11",
        "when copy 11 is moved, it is the same copy, and its address is gone",
    ),
    "borrower": (
        "detour",
        "GET",
        "/members/1",
        "member 1 has an address, and which copy she has borrowed changes nothing in it",
    ),
    "lend": (
        "promise",
        "POST",
        "/loans",
        "PUT says: what I send is to stand at this address. It is the address of all loans",
    ),
    "all_out": (
        "none",
        "GET",
        "/copies?state=on-loan",
        "it will list other copies tomorrow, and mean the same: those on loan",
    ),
    "as_csv": ("format", "GET", "/copies", "the same copies as JSON would need another address"),
    "its_copies": (
        "words",
        "GET",
        "/books/42/copies",
        "it is the right thing at the right place, and only written differently from the others",
    ),
}


def table(answer: Answer) -> dict[str, Any]:
    """Return the reviews; what is missing or of another kind is told in words."""
    reviews = answer.REVIEWS
    require(isinstance(reviews, dict), f"REVIEWS is of type {type(reviews).__name__}, not a dict")
    for name in FACTS:
        require(name in reviews, f"REVIEWS has no entry {name!r}")
        review = reviews[name]
        require(isinstance(review, answer.Review), f"{name}: {review!r} is not a Review")
        fault, method, uri = review
        require(
            isinstance(fault, str) and fault in answer.FAULTS,
            f"{name}: the fault is {fault!r}; write one of the words {', '.join(answer.FAULTS)}",
            hint=1,
        )
        require(
            isinstance(method, str) and method in METHODS,
            f"{name}: the method is {method!r}; write one of {', '.join(METHODS)}",
            hint=1,
        )
        require(
            isinstance(uri, str) and uri.startswith("/") and " " not in uri,
            f"{name}: the address is {uri!r}; write a path that begins with a slash, and no spaces",
            hint=1,
        )
    unknown = sorted(str(name) for name in reviews if name not in FACTS)
    require(not unknown, f"REVIEWS has entries that nobody proposed: {', '.join(unknown)}")
    return dict(reviews)


def because_of(name: str, method: str, uri: str) -> str:
    """Say what is wrong with a better request that is none."""
    _, wanted_method, wanted, _ = FACTS[name]
    if uri != wanted:
        if uri.lower().rstrip("/") == wanted.lower():
            return "It is spelled otherwise than Shelf's own: small letters, and no slash at the end"
        if "?" in wanted and uri.startswith(wanted.partition("?")[0] + "?"):
            return "The query is not one of Shelf's: see the names of its values in the statement"
        if "?" in wanted and "?" not in uri:
            return "It is a collection, narrowed down: a query does that, and the path names the collection"
        if "?" in uri and "?" not in wanted:
            return "Shelf's queries narrow down by branch, state or page; what belongs to one thing stands beneath it"
        return "It is not the address that Shelf already has for this thing, or would have by its rules"
    return {
        "GET": "The request reads, and changes nothing",
        "POST": "Shelf chooses the number, and each time something is added: that is what POST is for",
        "PATCH": "One value is sent, and the others stay: PUT would replace them, POST says neither",
        "DELETE": "Afterwards there is no such thing, which one method promises",
    }[wanted_method]


def right_reviews(answer: Answer, names: list[str], hint: int) -> None:
    """Require the fault and the better request of some proposals."""
    reviews = table(answer)
    for name in names:
        fault, method, uri = reviews[name]
        wanted, wanted_method, wanted_uri, fact = FACTS[name]
        require(fault == wanted, f'{name}: you say "{fault}": {answer.FAULTS[fault]}. Look again: {fact}', hint=hint)
        require(
            (method, uri) == (wanted_method, wanted_uri),
            f'{name}: the fault is found, "{fault}", but `{method} {uri}` is not the request. '
            f"{because_of(name, method, uri)}",
            hint=3,
        )


@check("each proposal has a word of FAULTS, a method and an address")
def fills_the_table(answer: Answer) -> None:
    table(answer)


@check("the two that are as they should be stay as they are", needs=fills_the_table)
def leaves_good_ones_alone(answer: Answer) -> None:
    right_reviews(answer, ["renew", "all_out"], 2)


@check("where something is done, the method says it, and keeps what it promises", needs=fills_the_table)
def lets_the_method_speak(answer: Answer) -> None:
    right_reviews(answer, ["find", "retitle", "drop_hold", "lend"], 2)


@check("each thing has one address, which stays", needs=fills_the_table)
def names_things_for_good(answer: Answer) -> None:
    right_reviews(answer, ["a_copy", "borrower", "its_copies"], 1)


@check("parts, pages and formats of a collection do not become things", needs=fills_the_table)
def keeps_collections_whole(answer: Answer) -> None:
    right_reviews(answer, ["in_branch", "go_on", "as_csv"], 1)
