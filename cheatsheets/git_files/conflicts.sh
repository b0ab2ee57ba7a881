# Two branches have changed the same line.
cd ~/shelf
git switch --quiet -c longer
sed -i.bak 's/28/42/' rules.txt && rm rules.txt.bak
git commit --quiet -am "Lend books for 42 days"
git switch --quiet main
sed -i.bak 's/28/14/' rules.txt && rm rules.txt.bak
git commit --quiet -am "Lend books for 14 days"
