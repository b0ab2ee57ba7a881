# Grace has pushed a branch, and main has moved on.
git clone --quiet ~/remotes/shelf.git ~/grace
cd ~/grace
git switch --quiet -c isbn
printf 'isbn: 13 digits\n' >>rules.txt
git commit --quiet -am "Ask for the ISBN"
git push --quiet -u origin isbn
git switch --quiet main
printf 'Persuasion\n' >>books.txt
git commit --quiet -am "Add Persuasion"
git push --quiet
cd ~/shelf
git switch --quiet -c fees
printf 'late: 1 euro\n' >>rules.txt
git commit --quiet -am "Ask for a late fee"
