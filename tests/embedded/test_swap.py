"""A new state takes the old one's place, whichever of its steps is the last before the power goes."""

import subprocess
import sys
from pathlib import Path

import pytest

from ascension.embedded.layout import Home, engine_account
from ascension.embedded.swap import PREFIX_ASIDE, STATE, finish, staging

# Ends like kill -9 before the n-th change of a name.
SWAP_AND_DIE = """
import os, sys
from pathlib import Path
from ascension.embedded.layout import Home, engine_account
from ascension.embedded.swap import swap
left = int(sys.argv[2])
def hook(event, arguments):
    global left
    if event in ("os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "os.mkdir"):
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(hook)
swap(Home(Path(sys.argv[1]), engine_account(os.environ)))
"""


def fill(home: Home, word: str) -> None:
    home.create()
    for name in STATE:
        file = home.path / name if name.endswith(".json") else home.path / name / "data"
        file.write_text(word)


def words(directory: Path) -> set[str]:
    return {
        (directory / name if name.endswith(".json") else directory / name / "data").read_text()
        for name in STATE
    }


@pytest.mark.parametrize("had_state", [pytest.param(True, marks=pytest.mark.thorough), False])
def test_whenever_it_dies_the_state_is_wholly_the_old_or_wholly_the_new(
    tmp_path: Path, *, had_state: bool
) -> None:
    outcomes: list[str] = []
    for steps in range(40):
        home = Home(tmp_path / str(steps), engine_account({}))
        if had_state:
            fill(home, "old")
        else:
            home.create()
        fill(staging(home), "new")
        died = subprocess.run(
            [sys.executable, "-c", SWAP_AND_DIE, str(home.path), str(steps)], timeout=30, check=False
        ).returncode
        finish(home)
        aside = list(home.path.glob(f"{PREFIX_ASIDE}*"))
        assert not staging(home).path.exists()
        if not had_state and not (home.path / "secrets.json").exists():
            outcomes.append("none")
            assert not aside
        else:
            (state,) = words(home.path)
            outcomes.append(state)
            assert [words(path) for path in aside] == ([{"old"}] if had_state and state == "new" else [])
        if died == 0:
            break
    else:
        pytest.fail("it never came to its end")
    before = "old" if had_state else "none"
    assert outcomes[0] == before, "the first step must not be the decision"
    assert outcomes == sorted(outcomes, key=[before, "new"].index), "a later death gives no earlier state"
    assert outcomes.count("new") > 3
