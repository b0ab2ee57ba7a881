"""A review of twelve proposed requests."""

from typing import NamedTuple

FAULTS = {
    "verb": "the path says what is done, and that is for the method to say",
    "promise": "the method promises something else than what then happens",
    "memory": "only a server that remembers this client's requests knows what it means",
    "moment": "the thing is named by a state that will pass, and its address passes with it",
    "search": "the path makes a thing of what is only a part of a collection, picked out by a value",
    "detour": "the thing has an address of its own, and this one leads to it by way of others",
    "format": "it names one representation, and the resource has more",
    "words": "nothing but the words: they are not formed like those of the other addresses",
    "none": "nothing is wrong",
}


class Review(NamedTuple):
    """A word of FAULTS, and the better request."""

    fault: str
    method: str
    uri: str


REVIEWS: dict[str, Review] = {
    # >>> a fault, a method and an address for each proposal
    #| "find": Review(..., ..., ...),
    #| "in_branch": Review(..., ..., ...),
    #| "drop_hold": Review(..., ..., ...),
    #| "renew": Review(..., ..., ...),
    #| "go_on": Review(..., ..., ...),
    #| "retitle": Review(..., ..., ...),
    #| "a_copy": Review(..., ..., ...),
    #| "borrower": Review(..., ..., ...),
    #| "lend": Review(..., ..., ...),
    #| "all_out": Review(..., ..., ...),
    #| "as_csv": Review(..., ..., ...),
    #| "its_copies": Review(..., ..., ...),
    "find": Review("verb", "GET", "/members/5"),
    "in_branch": Review("search", "GET", "/members?branch=harbour"),
    "drop_hold": Review("promise", "DELETE", "/holds/3"),  # whoever sends GET asks for no change
    "renew": Review("none", "POST", "/loans/7/renewals"),  # a renewal is a thing, too
    "go_on": Review("memory", "GET", "/loans?page=3"),  # the client knows where it is, and says so
    "retitle": Review("verb", "PATCH", "/books/42"),  # a PUT would need the other values
    "a_copy": Review("moment", "GET", "/copies/11"),
    "borrower": Review("detour", "GET", "/members/1"),  # a loan changes nothing in who she is
    "lend": Review("promise", "POST", "/loans"),  # a PUT would put a loan at the address of all loans
    "all_out": Review("none", "GET", "/copies?state=on-loan"),  # what it lists may change, its meaning not
    "as_csv": Review("format", "GET", "/copies"),  # with Accept: text/csv
    "its_copies": Review("words", "GET", "/books/42/copies"),
    # <<<
}
