#!/bin/sh
# Brings a backup back:  restore.sh BACKUP_DIR DATA_DIR
#
# The data folder must be new, or have been moved out of the way, and its server stopped. The rest is made anew: the
# lexical index and the pictures of pages at the next start, from what is restored.
set -eu
umask 077
if [ $# -ne 2 ]; then
    echo "usage: restore.sh BACKUP_DIR DATA_DIR" >&2
    exit 2
fi
if [ ! -d "$1" ] || { [ -e "$2" ] && [ -n "$(ls -A "$2")" ]; }; then
    echo "restore.sh: $1 must be a backup, and $2 empty or not there yet" >&2
    exit 2
fi
mkdir -p "$2"
cp -a "$1/." "$2/"
