"""Write the descriptions of the API and of the result's header, and the web client's types from both."""

import json
import os
import secrets
import subprocess
import sys
from typing import Any

from prepare import WEB, node

from ascension.analyses.result import schema_of_header
from ascension.api import create_app

# The API is built, never started: it asks for these and connects to none of them.
PLACEHOLDERS = {
    "JWT_SECRET": secrets.token_hex(32),
    "ACCOUNT_SECRET": secrets.token_hex(32),
    "S3_ENDPOINT": "http://127.0.0.1:1",
    "S3_BUCKET": "none",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
}


def main() -> int:
    os.environ.update(PLACEHOLDERS)
    write("openapi.json", create_app().openapi())
    write("result.json", schema_of_header())
    npm, env = node()
    subprocess.run([*npm, "run", "types"], cwd=WEB, env=env, timeout=300, check=True)
    return 0


def write(name: str, description: dict[str, Any]) -> None:
    (WEB / name).write_text(json.dumps(description, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
