#!/bin/sh
# Runs its arguments with the first Python 3.11+ of this machine; where $PYTHON is set, with that one only.
try() {
    if command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$@"
    fi
}
if [ -n "$PYTHON" ]; then
    try "$PYTHON" "$@"
    echo "PYTHON=$PYTHON is no Python 3.11 or newer." >&2
    exit 1
fi
for python in python3 python3.11 python3.12 python3.13 python3.14; do
    try "$python" "$@"
done
echo "Ascension needs Python 3.11 or newer, and there is none on PATH (set PYTHON=/path/to/python3)." >&2
exit 1
