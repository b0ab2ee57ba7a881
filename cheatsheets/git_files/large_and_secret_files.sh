# A big file was committed, then deleted; its bytes are in the history.
cd ~/shelf
seq 1 200000 >scan.dat
git add . && git commit --quiet -m "Add the scan"
git rm --quiet scan.dat && git commit --quiet -m "Remove the scan"
printf 'PASSWORD=emma\n' >.env
git add .env && git commit --quiet -m "Settings"
