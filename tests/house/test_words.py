"""Names, left-overs, machine paths, registries, secrets, spelling, media: seeded faults, then the repository.

Seeds are put together at run time, so that this file passes the lints itself.
"""

from collections.abc import Callable

import pytest

from tests.house import tree, words
from tests.house.finding import Finding, report

Lint = Callable[[str, str], list[Finding]]
KEY = "AKIA" + "IOSFODNN7EXAMPLE"


@pytest.mark.parametrize(
    ("path", "source", "broken"),
    [
        ("src/ascension/vision/" + "utils.py", "", True),
        ("src/ascension/helpers/text.py", "", True),
        ("web/src/lib/helper.ts", "", True),
        ("src/ascension/jobs/claim.py", "class Job" + "Manager:\n    pass\n", True),
        ("src/ascension/jobs/claim.py", "class Claim:\n    pass\n", False),
    ],
)
def test_a_vague_name_is_found(path: str, source: str, broken: bool) -> None:
    assert bool(words.vague_names(path, source)) is broken


@pytest.mark.parametrize(
    ("lint", "fault"),
    [
        (words.left_overs, "# TO" + "DO: later"),
        (words.left_overs, "// FIX" + "ME"),
        (words.machine_paths, "clip = '/wo" + "rk/shared/clip.mp4'"),
        (words.machine_paths, "see /ho" + "me/anna/clips"),
        (words.machine_paths, "see /ro" + "ot/.venv"),
        (words.registry_addresses, "https://py" + "pi.org/simple"),
        (words.registry_addresses, '"resolved": "https://registry.' + 'npmjs.org/preact"'),
        (words.registry_addresses, "--index" + "-url https://mirror.local"),
        (words.secrets, f"key = {KEY}"),
        (words.secrets, "-----BEGIN" + " RSA PRIVATE KEY-----"),
        (words.secrets, "JWT_SECRET = '" + "q8ZtR2mW5xVn7Kb3Lp9Ys4Hd" + "'"),
        (words.secrets, "Bearer ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop"),
        (words.british_spelling, "def analy" + "se(video):"),
        (words.british_spelling, "the col" + "our of a limb"),
        (words.british_spelling, "cent" + "re of mass"),
    ],
)
def test_a_forbidden_word_is_found(lint: Lint, fault: str) -> None:
    assert [finding.line for finding in lint("src/a.py", f"\n{fault}\n")] == [2]


@pytest.mark.parametrize(
    ("lint", "fine"),
    [
        (words.left_overs, "method, todos, hacking"),
        (words.machine_paths, "src/work/x, ./root/y, $HOME/home/z, https://a.b/work/x"),
        (words.secrets, "token_hash = 'what_is_stored_of_an_opaque_token'"),
        (words.secrets, "password = settings.password"),
        (words.british_spelling, "analyses, license, color, center, analyze"),
    ],
)
def test_an_innocent_word_passes(lint: Lint, fine: str) -> None:
    assert lint("src/a.py", fine) == []


def test_french_is_not_british() -> None:
    french = "le cent" + "re de gravité"
    assert words.british_spelling("src/ascension/reports/catalogs/fr.toml", french) == []
    assert words.british_spelling("web/src/features/climber/words-fr.ts", french) == []
    assert words.british_spelling("docs/guides/fr.md", french) != []


def test_foreign_media_and_big_files_are_found() -> None:
    assert words.unlicensed_media("tests/data/friend.MP4", 10) != []
    assert words.unlicensed_media("examples/climb.mp4", 10) == []
    assert words.unlicensed_media("examples/climb.mp4", 15_000_001) != []


def test_names_say_something() -> None:
    sources = tree.sources(".py", ".ts", ".tsx")
    findings = [finding for path, source in sources.items() for finding in words.vague_names(path, source)]
    assert not findings, report(findings)


@pytest.mark.parametrize(
    "lint",
    [words.left_overs, words.machine_paths, words.registry_addresses, words.british_spelling],
    ids=lambda lint: lint.__name__,
)
def test_no_file_contains(lint: Lint) -> None:
    patterns = "tests/house/words.py"
    sources = {path: source for path, source in tree.sources().items() if path != patterns}
    findings = [finding for path, source in sources.items() for finding in lint(path, source)]
    assert not findings, report(findings)


@pytest.mark.proves("M60")
def test_no_file_holds_a_secret() -> None:
    everything = {path: content for path in tree.paths() if (content := tree.text(path)) is not None}
    findings = [finding for path, source in everything.items() for finding in words.secrets(path, source)]
    assert not findings, report(findings)


def test_locks_hold_no_registry_address() -> None:
    locks = {
        path: tree.text(path) or "" for path in tree.paths() if path.endswith((".lock", "package-lock.json"))
    }
    assert locks
    findings = [
        finding for path, source in locks.items() for finding in words.registry_addresses(path, source)
    ]
    assert not findings, report(findings)


def test_shipped_media_is_ours() -> None:
    findings = [
        finding
        for path in tree.paths()
        for finding in words.unlicensed_media(path, (tree.ROOT / path).stat().st_size)
    ]
    assert not findings, report(findings)
    if any(path.startswith("examples/") for path in tree.paths()):
        assert "examples/NOTICE" in tree.paths()
