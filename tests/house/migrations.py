"""What a migration may do while the release before it still runs: squawk on the way up.

A migration expands: it adds. What takes away (a column, a name, a type) breaks the code that still uses it:
it carries the line `-- contract: <release> <why>`, naming the release since which no code uses it.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.house.finding import Finding

SQUAWK = Path(sys.executable).with_name("squawk")
SQUAWK_TIMEOUT_S = 30
OLDEST_POSTGRESQL = "15.0"
CONTRACT = re.compile(r"^-- contract: \d+\.\d+\S* \S+", re.MULTILINE)
# These break what the last release does; a contract line may allow them.
TAKES_AWAY = frozenset(
    {
        "ban-drop-column",
        "ban-drop-constraint",
        "ban-drop-database",
        "ban-drop-function",
        "ban-drop-not-null",
        "ban-drop-schema",
        "ban-drop-sequence",
        "ban-drop-table",
        "ban-drop-trigger",
        "ban-drop-type",
        "ban-drop-view",
        "ban-truncate-cascade",
        "changing-column-type",
        "renaming-column",
        "renaming-table",
    }
)
LEFT_OUT = (
    "require-lock-timeout",  # both limits come with the session: ascension.embedded.migrations
    "require-statement-timeout",
    "prefer-bigint-over-int",  # attempts, parts and percentages
    "prefer-bigint-over-smallint",
    # the statement limit bounds how long writes wait for an index, the lock limit how long for its end
    "require-concurrent-index-creation",
    "require-concurrent-index-deletion",
)


def unsafe_steps(path: str, migration: str, *, accepted: frozenset[str] = frozenset()) -> list[Finding]:
    """Steps of the way up that lock for long, or take away what the release before it may still use."""
    up, _, _ = migration.partition("-- migrate:down")
    allowed = (accepted | TAKES_AWAY) if CONTRACT.search(up) else accepted
    shown = subprocess.run(
        [
            *(SQUAWK, "--assume-in-transaction", f"--pg-version={OLDEST_POSTGRESQL}"),
            *("--reporter=json", f"--exclude={','.join(LEFT_OUT)}", f"--stdin-filepath={path}"),
        ],
        input=up,
        capture_output=True,
        text=True,
        timeout=SQUAWK_TIMEOUT_S,
        check=False,
    )
    findings = [
        Finding(path, said["line"] + 1, f"{said['rule_name']}: {said['message']}")
        for said in json.loads(shown.stdout)
        if said["rule_name"] not in allowed
    ]
    if not CONTRACT.search(up):
        findings += [
            Finding(path, up[: revoked.start()].count("\n") + 1, "revoke: may break the release before")
            for revoked in re.finditer(r"^ *revoke\b", up, re.IGNORECASE | re.MULTILINE)
        ]
    return findings
