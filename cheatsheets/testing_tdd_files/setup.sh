# Two modules of Shelf with their tests, all green.
mkdir ~/shelf && cd ~/shelf
cat > fees.py <<'END'
def fee(days):
    return max(0, days - 28) * 20
END
cat > test_fees.py <<'END'
import pytest
from fees import fee


def test_in_time_costs_nothing():
    assert fee(28) == 0


def test_each_late_day_costs_twenty():
    assert fee(30) == 40


@pytest.mark.slow
def test_a_hundred_years():
    assert fee(36500) == 729440
END
cat > pytest.ini <<'END'
[pytest]
markers = slow: takes long
END
