# caught by: has_a_branch
# says: the commit on which fees stands
# Runs in the clone `shelf`, on main, by `bash -e`: the first command that fails ends it.

git switch -c fees                       # the two commits, and .env, are on it
git branch --force main origin/main      # nobody has what it gives up

git rm --quiet --cached .env             # out of the commit; the file stays
echo ".env" >> .gitignore
git add .gitignore
git commit --amend -m "Ask for a late fee"

git switch main
git pull --ff-only
git revert --no-edit ":/Lend books for 280 days"
git push

git switch fees
git push -u origin fees

git branch titles "$(git log --walk-reflogs --grep="Add Middlemarch" --format=%H -1)"
