# Seven commits, of which one has broken `late`; and a change that is not finished.
cd ~/shelf
for number in 1 2 3 4 5 6 7; do
  if [ "$number" = 4 ]; then sed -i.bak 's/> 28/>= 28/' loans.py && rm loans.py.bak; fi
  printf '# step %s\n' "$number" >>loans.py
  git commit --quiet -am "Loans, step $number"
done
printf 'Middlemarch\n' >>books.txt
