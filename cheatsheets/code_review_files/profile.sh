# Each block is an hour later than the one before, so that commits have the same hashes wherever they are made.
now=$(($(cat ~/.clock 2>/dev/null || echo 1767600000) + 3600))
echo "$now" >~/.clock
export GIT_AUTHOR_DATE="$now +0000" GIT_COMMITTER_DATE="$now +0000"
export GIT_CONFIG_NOSYSTEM=1 GIT_EDITOR=true GIT_TERMINAL_PROMPT=0 GIT_PAGER=cat GIT_ADVICE=0
