"""Write web/openapi.json from the API's code and the web client's types from it."""

import json
import subprocess
import sys

from prepare import WEB, node

from ascension.api import create_app


def main() -> int:
    description = json.dumps(create_app().openapi(), indent=1, sort_keys=True)
    (WEB / "openapi.json").write_text(description + "\n")
    npm, env = node()
    subprocess.run([*npm, "run", "types"], cwd=WEB, env=env, timeout=300, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
