#!/bin/sh
# Backs a data folder up, also while a server uses it:  backup.sh DATA_DIR BACKUP_DIR
#
# The server is stopped in its tracks for the seconds that copying takes, and goes on then. The copy is what a power cut
# would have left, from which the server recovers at its start. It is made on the same file system, as links to the same
# blocks where that is possible (btrfs, XFS); pack and move it away afterwards.
set -eu
umask 077
if [ $# -ne 2 ]; then
    echo "usage: backup.sh DATA_DIR BACKUP_DIR" >&2
    exit 2
fi
data=$1
backup=$2
if [ ! -d "$data" ] || [ -e "$backup" ]; then
    echo "backup.sh: $data must be a folder, and $backup must not be there yet" >&2
    exit 2
fi
owner=
if [ -f "$data/owner.json" ]; then
    owner=$(sed -n 's/.*"pid": *\([0-9][0-9]*\).*/\1/p' "$data/owner.json")
fi
# A killed process leaves its number, which may be another program's by now: who has the folder holds its lock.
if [ -n "$owner" ] && ! flock --nonblock "$data/owner.lock" true; then
    trap 'kill -CONT "$owner"' EXIT INT TERM HUP
    kill -STOP "$owner"
fi
mkdir "$backup"
for name in access.sqlite3 checks chroma feedback.jsonl originals replica trash uploads; do
    for file in "$data/$name"*; do
        if [ -e "$file" ]; then
            cp -a --reflink=auto "$file" "$backup/"
        fi
    done
done
