# Main has moved on while there were two commits on the branch `search`.
cd ~/shelf
git switch --quiet -c search
printf 'def search(title):\n    return open("books.txt").read().count(title)\n' >search.py
git add . && git commit --quiet -m "Add search"
printf '# finds parts of titles, too\n' >>search.py
git commit --quiet -am "Say what search finds"
git switch --quiet main
printf 'late: 1 euro\n' >>rules.txt
git commit --quiet -am "Ask for a late fee"
git push --quiet
