# Three things to undo: a change that nobody wants, one in the index, and a commit with a wrong message.
cd ~/shelf
printf 'Persuasion\n' >>books.txt
git commit --quiet -am "Add Pursuasion"
printf 'late: 1 euro\n' >>rules.txt
printf 'Ulysses\n' >>books.txt
git add books.txt
