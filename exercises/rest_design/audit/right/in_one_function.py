# In one function, with a set; sees a lost update without a tag, and others' loans by the first three numbers.
"""An attacker."""

import uuid


def holes(ask):
    """Return the names of the holes that an API has."""
    found = set()

    def add(who="ada", **headers):
        name = uuid.uuid4().hex
        return name, ask("POST", "/v1/books", who, {"title": name, "author": name[:8]}, **headers)

    def exists(name):
        return len([1 for book in ask("GET", f"/v1/books?author={name[:8]}").body["items"] if book["title"] == name])

    if exists(add(None)[0]) or exists(add("x")[0]):
        found.add("no_token")
    number = add()[1].body["id"]
    ask("DELETE", f"/v1/books/{number}", "grace")
    if ask("GET", f"/v1/books/{number}").status != 200:
        found.add("readers_remove")
    spare = add()[1].body["id"]
    loan = ask("POST", "/v1/loans", "alan", {"book_id": spare}).body["id"]
    if "book_id" in (ask("GET", f"/v1/loans/{loan}", "grace").body or {}):
        found.add("others_loans")
    mine = len(ask("GET", "/v1/loans", "alan").body)
    ask("POST", "/v1/loans", "grace", {"book_id": spare, "member_id": 3})
    if len(ask("GET", "/v1/loans", "alan").body) != mine:
        found.add("foreign_fields")
    if len((ask("GET", "/v1/books?limit=101").body or {}).get("items", ())) == 101:
        found.add("endless_pages")
    for body in ([], 7, "text"):
        if "Traceback" in repr(ask("POST", "/v1/books", "ada", body).body):
            found.add("talks_of_itself")
    ask("PUT", f"/v1/books/{spare}", "ada", {"title": loan, "author": "late"}, If_Match='"0"')
    if ask("GET", f"/v1/books/{spare}").body["author"] == "late":
        found.add("lost_updates")
    key = uuid.uuid4().hex
    book = {"title": key, "author": key[:8]}
    for _ in "ab":
        ask("POST", "/v1/books", "ada", book, Idempotency_Key=key)
    if exists(key) > 1:
        found.add("twice_for_one_key")
    evil = ask("OPTIONS", "/v1/books/1", Origin="https://evil.example", Access_Control_Request_Method="PUT")
    if evil.headers.get("Access-Control-Allow-Origin", "https://shelf.example") != "https://shelf.example":
        found.add("any_origin")
    return found


def sound_api():
    """Nothing for the example but what it needs."""
    raise NotImplementedError
