"""Write web/openapi.json from the API's code and the web client's types from it."""

import json
import os
import secrets
import subprocess
import sys

from prepare import WEB, node

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
    description = json.dumps(create_app().openapi(), indent=1, sort_keys=True)
    (WEB / "openapi.json").write_text(description + "\n")
    npm, env = node()
    subprocess.run([*npm, "run", "types"], cwd=WEB, env=env, timeout=300, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
