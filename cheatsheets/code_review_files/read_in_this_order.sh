# The change in two commits, as the author has split it, and a second version after the review.
git switch --quiet -c tidy main
ruff format --quiet loans.py
git commit --quiet -am "Format loans.py"
git switch --quiet -c renewals
git restore --source renew -- .
sed -i.bak '/TODO/d' loans.py && rm loans.py.bak
git commit --quiet -am "Let members renew a loan once"
git tag v1
cat >>test_loans.py <<'END'


def test_nobody_renews_twice():
    assert due(100, renewed=2) == due(100, renewed=1)
END
git commit --quiet --amend -am "Let members renew a loan once"
git switch --quiet main
