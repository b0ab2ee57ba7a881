# Shelf's repository on `main`, with a module and its test.
git config --global user.name "Ada"
git config --global user.email "ada@shelf.example"
git config --global init.defaultBranch main
git init --quiet ~/shelf && cd ~/shelf
git remote add origin git@gitlab.example:library/shelf.git
git config --local remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
printf 'def fee(days):\n    return max(0, days - 28) * 20\n' >fees.py
printf 'from fees import fee\n\n\ndef test_fee():\n    assert fee(30) == 40\n' >test_fees.py
git add . && git commit --quiet -m "Begin"
git update-ref refs/remotes/origin/main HEAD
git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
