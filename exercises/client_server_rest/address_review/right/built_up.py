# The better requests are put together from collections, in a loop, instead of being written one by one.
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


MEMBERS = "/members"
DUNE = "/books/42"
PROPOSED = """
find        verb     GET     {members}/5
in_branch   search   GET     {members}?branch=harbour
drop_hold   promise  DELETE  /holds/3
renew       none     POST    /loans/7/renewals
go_on       memory   GET     /loans?page=3
retitle     verb     PATCH   {dune}
a_copy      moment   GET     /copies/11
borrower    detour   GET     {members}/1
lend        promise  POST    /loans
all_out     none     GET     /copies?state=on-loan
as_csv      format   GET     /copies
its_copies  words    GET     {dune}/copies
"""

REVIEWS: dict[str, Review] = {}
for line in PROPOSED.format(members=MEMBERS, dune=DUNE).strip().splitlines():
    name, *review = line.split()
    REVIEWS[name] = Review(*review)
