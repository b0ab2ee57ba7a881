"""Lighthouse's factor for the processor."""

import pytest

from course.proof import lighthouse


@pytest.mark.parametrize(("machine", "slowdown"), [(3500, 8.0), (1750, 4.0), (1100, 2.5), (200, 1.0)])
def test_every_machine_stands_for_the_same_phone(machine: float, slowdown: float) -> None:
    assert lighthouse.slowdown_of(machine) == slowdown
