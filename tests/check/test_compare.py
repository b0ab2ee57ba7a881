"""Comparison by type and value, part by part."""

import pytest

from course.check.compare import difference, shown


class Everything:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("a")


class Bad:
    def __repr__(self) -> str:
        raise SystemExit


@pytest.mark.parametrize(("got", "want"), [
    (1, 1), ([1, {"a": (2,)}], [1, {"a": (2,)}]), ({1, "a"}, {"a", 1}), ({"a": None}, {"a": None}), (b"x", b"x"),
    (frozenset({(1, 2)}), frozenset({(1, 2)})), (float, float),
])
def test_same(got: object, want: object) -> None:
    assert difference(got, want) is None


@pytest.mark.parametrize(("got", "want", "where"), [
    (True, 1, "it is of type bool, not int"),
    (1.0, 1, "it is of type float, not int"),
    (2, 1, "it has another value"),
    ([1, 2], [1, 3], "[1] has another value"),
    ([1, True], [1, 1], "[1] is of type bool, not int"),
    ([1], [1, 2], "it has 1 item, not 2"),
    ((1,), [1], "it is of type tuple, not list"),
    ({"a": {"b": 1}}, {"a": {"b": 2}}, "['a']['b'] has another value"),
    ({"b": 1}, {"a": 1}, "it has other keys"),
    ({True: 1}, {1: 1}, "it has other keys"),
    ({True}, {1}, "it has other members"),
    (Everything(), 1, "it is of type Everything, not int"),
    ([Everything()], ["a"], "[0] is of type Everything, not str"),
    ({Everything()}, {"a"}, "it has other members"),
    ({Everything(): 1}, {"a": 1}, "it has other keys"),
])
def test_different(got: object, want: object, where: str) -> None:
    assert difference(got, want) == where


def test_shown_survives_a_bad_repr_and_length() -> None:
    assert shown(Bad()) == "<Bad whose __repr__ raises SystemExit>"
    assert shown("x" * 1000).endswith("(1002 characters)")
    assert len(shown("x" * 1000)) < 400
