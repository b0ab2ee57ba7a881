# From main, by cherry-pick; .env is kept aside meanwhile.
cp .env ../kept
git fetch origin
mine=$(git rev-parse HEAD)
git reset --hard origin/main
git revert --no-edit "$(git log --format=%h --grep="280 days" -1)"
git push origin main
git checkout -b fees
git cherry-pick "$mine~1"
git cherry-pick --no-commit "$mine"
git reset -q .env
printf '.env\n' >> .gitignore
git add .gitignore fees.txt
git commit -m "Ask for a late fee"
cp ../kept .env
git push origin fees:fees
git reflog --format="%H %gs" | sed -n 's/ commit: Add Middlemarch$//p' | head -1 | xargs git branch titles
