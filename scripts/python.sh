#!/bin/sh
# Runs its arguments with the first Python 3.11+ of this machine; $PYTHON overrides the search.
for python in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14; do
    if command -v "$python" >/dev/null 2>&1 &&
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" "$@"
    fi
done
echo "Ascension needs Python 3.11 or newer, and there is none on PATH (set PYTHON=/path/to/python3)." >&2
exit 1
