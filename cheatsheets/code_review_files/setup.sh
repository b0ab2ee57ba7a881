# ~/shelf: on main a file that was never formatted; on renew one commit that formats it and lets members renew.
git config --global user.name "Ada"
git config --global user.email "ada@shelf.example"
git config --global init.defaultBranch main
mkdir ~/shelf && cd ~/shelf && git init --quiet
printf '__pycache__/\n.pytest_cache/\n.ruff_cache/\n' >.gitignore
cat >loans.py <<'END'
DAYS=28
FEE = { 'child' : 0, 'adult':20 }
def due( lent ):
    '''The day, as a number.'''
    return lent+DAYS
def fee(kind,late):
    if( late<=0 ): return 0
    return FEE[ kind ]*late
END
cat >test_loans.py <<'END'
from loans import due, fee


def test_a_loan_is_due_after_28_days():
    assert due(100) == 128


def test_a_late_day_costs_20():
    assert fee("adult", 2) == 40
END
git add . && git commit --quiet -m "Begin with loans and fees"
git switch --quiet -c renew
cat >loans.py <<'END'
DAYS = 28
FEE = {"child": 0, "adult": 20}
RENEWALS = 1


def due(lent, renewed=0):
    """The day, as a number."""
    return lent + DAYS * (1 + min(renewed, RENEWALS))


def fee(kind, late):
    if late <= 0:
        return 0
    return FEE[kind] * late
END
cat >>test_loans.py <<'END'


def test_a_renewed_loan_is_due_later():
    assert due(100, renewed=1) == 156
END
printf 'print(due(1))  # TODO remove\n' >>loans.py
git commit --quiet -am "Renewals"
