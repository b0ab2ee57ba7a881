"""What Shelf promises, asked over HTTP."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from library_client import Library

from shelf.limits import Limits

WALDEN = {"title": "Walden", "author": "Thoreau"}


def test_books_come_a_page_at_a_time_in_both_orders(library: Library) -> None:
    for sort, want in (("title", ["Dune", "Emma", "Persuasion"]), ("-title", ["Persuasion", "Emma", "Dune"])):
        titles, address = [], f"/v1/books?limit=2&sort={sort}"
        while address:
            page = library.http.get(address)
            assert page.links.get("next", {}).get("url") == page.json()["next"]
            titles += [book["title"] for book in page.json()["items"]]
            address = page.json()["next"]
        assert titles == want


def test_a_page_goes_on_behind_its_last_book_whatever_is_added_meanwhile(library: Library) -> None:
    first = library.http.get("/v1/books?limit=2").json()
    library.http.post("/v1/books", json={"title": "Clarissa", "author": "Richardson"}, headers=library.as_("ada"))
    assert [book["title"] for book in library.http.get(first["next"]).json()["items"]] == ["Persuasion"]


@pytest.mark.parametrize("address", ["limit=0", "limit=101", "sort=copies", "limit=many"])
def test_what_is_out_of_bounds_is_named(library: Library, address: str) -> None:
    answer = library.http.get(f"/v1/books?{address}")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == f"query/{address.partition('=')[0]}"


@pytest.mark.parametrize("cursor", ["x", "!!!", "Zm9v", "MSA"[:2]])
def test_a_cursor_that_is_none_is_refused(library: Library, cursor: str) -> None:
    assert library.http.get("/v1/books", params={"cursor": cursor}).status_code == 400


def test_a_book_is_not_sent_again_to_who_has_it(library: Library) -> None:
    first = library.http.get("/v1/books/1")
    again = library.http.get("/v1/books/1", headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_who_changes_what_another_has_changed_is_told(library: Library) -> None:
    tag = library.http.get("/v1/books/1").headers["ETag"]
    patch = {"Content-Type": "application/merge-patch+json"}
    change = library.http.patch("/v1/books/1", content='{"copies": 5}', headers=library.as_("ada", **patch))
    assert change.status_code == 428
    first = library.http.patch("/v1/books/1", content='{"copies": 5}',
                               headers=library.as_("ada", **patch, **{"If-Match": tag}))
    assert (first.status_code, first.json()["copies"], first.json()["title"]) == (200, 5, "Dune")
    late = library.http.put("/v1/books/1", json=WALDEN, headers=library.as_("ada", **{"If-Match": tag}))
    assert late.status_code == 412
    assert library.http.get("/v1/books/1").json()["title"] == "Dune"


def test_a_patch_changes_fields_that_exist_to_values_that_are_allowed(library: Library) -> None:
    headers = library.as_("ada", **{"If-Match": "*", "Content-Type": "application/merge-patch+json"})
    for body in ('{"copies": null}', '{"version": 7}', '{"copies": -1}', '{"title": ""}', "[]"):
        assert library.http.patch("/v1/books/1", content=body, headers=headers).status_code == 422, body
    same = library.http.patch("/v1/books/1", content='{"title": "Emma", "author": "Austen"}', headers=headers)
    assert same.status_code == 409
    plain = library.http.patch("/v1/books/1", json={}, headers=library.as_("ada", **{"If-Match": "*"}))
    assert (plain.status_code, plain.headers["Accept-Patch"]) == (415, "application/merge-patch+json")


def test_the_same_key_adds_one_book_also_when_both_come_at_once(library: Library) -> None:
    headers = library.as_("ada", **{"Idempotency-Key": "walden-0001"})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: library.http.post("/v1/books", json=WALDEN, headers=headers), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len({answer.text for answer in answers}) == 1
    other = library.http.post("/v1/books", json={**WALDEN, "copies": 2}, headers=headers)
    assert other.status_code == 422
    again = library.http.post("/v1/books", json=WALDEN, headers=library.as_("ada"))
    assert again.status_code == 409


def test_a_key_whose_request_failed_can_be_used_again(library: Library) -> None:
    headers = library.as_("ada", **{"Idempotency-Key": "emma-0001"})
    emma = {"title": "Emma", "author": "Austen"}
    assert library.http.post("/v1/books", json=emma, headers=headers).status_code == 409
    library.http.delete("/v1/books/2", headers=library.as_("ada"))
    assert library.http.post("/v1/books", json=emma, headers=headers).status_code == 201


def test_a_book_is_removed_once_and_not_while_it_is_lent(library: Library) -> None:
    library.http.post("/v1/loans", json={"book_id": 2}, headers=library.as_("grace"))
    assert library.http.delete("/v1/books/2", headers=library.as_("ada")).status_code == 409
    library.http.delete("/v1/loans/1", headers=library.as_("grace"))
    assert library.http.delete("/v1/books/2", headers=library.as_("ada")).status_code == 204
    assert library.http.delete("/v1/books/2", headers=library.as_("ada")).status_code == 404


def test_the_last_copy_is_lent_once(library: Library) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: library.http.post("/v1/loans", json={"book_id": 2},
                                                               headers=library.as_(name)), ["grace", "alan"] * 8))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert library.http.get("/v1/books/2").json()["copies"] == 0
    assert library.http.post("/v1/loans", json={"book_id": 77}, headers=library.as_("alan")).status_code == 404


def test_somebody_elses_loan_is_as_if_it_were_not_there(library: Library) -> None:
    library.http.post("/v1/loans", json={"book_id": 1}, headers=library.as_("grace"))
    assert library.http.get("/v1/loans/1", headers=library.as_("grace")).json() == {"id": 1, "book_id": 1}
    for ask in (library.http.get, library.http.delete):
        assert ask("/v1/loans/1", headers=library.as_("alan")).status_code == 404
    assert library.http.get("/v1/loans", headers=library.as_("alan")).json() == []
    given = library.http.post("/v1/loans", json={"book_id": 1, "member_id": 1}, headers=library.as_("alan"))
    assert given.status_code == 422


def test_who_asks_and_what_they_may(library: Library) -> None:
    nobody = library.http.post("/v1/books", json=WALDEN)
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")
    wrong = library.http.post("/v1/books", json=WALDEN, headers={"Authorization": "Bearer guessed"})
    assert (wrong.status_code, wrong.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert library.http.post("/v1/books", json=WALDEN, headers=library.as_("grace")).status_code == 403


def test_a_fault_of_ours_says_nothing_of_our_inside(library: Library) -> None:
    with psycopg.connect(library.database) as connection:
        connection.execute("ALTER TABLE book RENAME TO volume")
    answer = library.http.get("/v1/books")
    assert (answer.status_code, answer.json()["detail"]) == (500, "Something went wrong on our side.")
    assert "volume" not in answer.text


def test_what_is_not_there_and_that_all_is_well(library: Library) -> None:
    assert library.http.get("/nowhere").json() == {"type": "about:blank", "title": "Not Found", "status": 404,
                                                   "detail": "Not Found"}
    assert library.http.post("/health").headers["Allow"] == "GET"
    assert library.http.get("/health").json() == {"status": "ok"}


def test_other_pages_may_ask_if_they_are_known(library: Library) -> None:
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "if-match"}
    known = library.http.options("/v1/books/1", headers={"Origin": "https://shelf.example", **asked})
    assert known.headers["Access-Control-Allow-Origin"] == "https://shelf.example"
    other = library.http.options("/v1/books/1", headers={"Origin": "https://evil.example", **asked})
    assert "Access-Control-Allow-Origin" not in other.headers


def test_yesterdays_address_says_where_to_go(library: Library) -> None:
    answer = library.http.get("/titles")
    assert answer.json() == ["Dune", "Emma", "Persuasion"]
    assert {name: answer.headers[name] for name in ("Deprecation", "Sunset")} == {
        "Deprecation": "@1767225600", "Sunset": "Thu, 31 Dec 2026 23:59:59 GMT"}
    assert answer.links["successor-version"]["url"] == "/v1/books"


@pytest.mark.parametrize("requests_per_minute", [3])
def test_who_asks_too_often_is_told_when_to_come_again(library: Library) -> None:
    answers = [library.http.get("/titles") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit"] for answer in answers] == [f'"default";r={left}' for left in (2, 1, 0, 0, 0)]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert library.http.get("/titles", headers=library.as_("ada")).status_code == 200


def test_a_bucket_fills_with_time_and_to_its_brim_at_most() -> None:
    now = [0.0]
    limits = Limits(lambda *_: None, 6, lambda: now[0])  # type: ignore[arg-type]
    assert [limits.take("ada") for _ in range(7)] == [5, 4, 3, 2, 1, 0, -1]
    now[0] = 10.0  # one more, at six a minute
    assert [limits.take("ada") for _ in range(2)] == [0, -1]
    now[0] = 10_000.0
    assert limits.take("ada") == 5
