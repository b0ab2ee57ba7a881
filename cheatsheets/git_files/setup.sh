# A home with a remote, ~/remotes/shelf.git, and a clone of it, ~/shelf, which every section begins in.
git config --global user.name "Ada"
git config --global user.email "ada@shelf.example"
git config --global init.defaultBranch main
git init --quiet --bare ~/remotes/shelf.git
git clone --quiet ~/remotes/shelf.git ~/shelf 2>/dev/null
cd ~/shelf
printf 'Emma\nDune\n' >books.txt
printf 'loan: 28 days\n' >rules.txt
printf 'def late(days):\n    return days > 28\n' >loans.py
git add .
git commit --quiet -m "Begin with books and rules"
printf 'Walden\n' >>books.txt
git commit --quiet -am "Add Walden"
git push --quiet -u origin main
