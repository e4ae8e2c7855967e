#!/bin/sh
# Runs a command that must not outlive its parent: guardian.sh SIGNAL SECONDS COMMAND...
# When the parent closes our standard input or dies, however suddenly, the command gets SIGNAL, and SIGKILL after SECONDS.
# Its process id goes to file descriptor 3.
signal=$1 grace=$2
shift 2
exec 4<&0
"$@" 3>&- 4<&- </dev/null &
child=$!
echo "$child" >&3
exec 3>&-
(
  read -r _ <&4
  kill -s "$signal" "$child" 2>/dev/null
  tenths=$((grace * 10))
  while [ "$tenths" -gt 0 ] && kill -0 "$child" 2>/dev/null; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -s KILL "$child" 2>/dev/null
) </dev/null >/dev/null 2>&1 &
watcher=$!
trap 'kill -s "$signal" "$child" 2>/dev/null' TERM INT HUP
wait "$child"
status=$?
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  status=$?
done
kill -s KILL "$watcher" 2>/dev/null
exit "$status"
