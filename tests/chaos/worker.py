"""ENTRY: the worker as it is, with children that also know a chaos run's cheap clips.

`python -m tests.chaos.worker PROGRAM`: the file that it writes and starts its children with.
"""

import os
import sys
from pathlib import Path

from ascension import worker

ROOT = Path(__file__).parents[2]
PROGRAM = """\
#!{python}
import sys
sys.path[:0] = [{root!r}, {source!r}]
analysis = sys.argv[-1].endswith("compute_analysis:run")
sys.argv = ["child", "tests.chaos.compute:run" if analysis else sys.argv[-1]]
from ascension.jobs import child
child.main()
"""


def main() -> None:
    program = Path(sys.argv[1])
    written = program.with_name(f"{program.name}.{os.getpid()}")
    written.write_text(PROGRAM.format(python=sys.executable, root=str(ROOT), source=str(ROOT / "src")))
    written.chmod(0o755)
    written.replace(program)  # another worker may be starting it: what is open for writing cannot be run
    sys.executable = str(program)
    worker.main()


if __name__ == "__main__":
    main()
