"""Links, named paths, decisions, commands and error messages: seeded faults, then the repository."""

import os
import subprocess

import pytest

from ascension import errors
from tests.house import documents, tree
from tests.house.finding import report

MARKDOWN = tree.sources(".md")
CATALOGUE = "src/ascension/errors/"
INDEX = "docs/decisions/README.md"
SMALL = {"README.md": "# Two words\n", "docs/a.md": "## `make up` and more\n"}


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("[a](docs/a.md)", False),
        ("[a](docs/a.md#make-up-and-more)", False),
        ("[a](#two-words)", False),
        ("[a](https://example.org/gone.md)", False),
        ("![picture](docs/gone.png)", True),
        ("[a](gone.md)", True),
        ("[a](docs/a.md#other)", True),
    ],
)
def test_a_broken_link_is_found(link: str, broken: bool) -> None:
    assert bool(documents.broken_links("README.md", f"see {link}", SMALL, SMALL)) is broken


def test_links_are_relative_to_their_document() -> None:
    assert documents.broken_links("docs/a.md", "[up](../README.md)", SMALL, SMALL) == []
    assert documents.broken_links("docs/a.md", "[up](README.md)", SMALL, SMALL) != []
    assert documents.broken_links("docs/a.md", "```\n[up](gone.md)\n```\n", SMALL, SMALL) == []


@pytest.mark.parametrize(
    ("span", "broken"),
    [
        ("docs/a.md", False),
        ("docs/", False),
        ("docs/*.md", False),
        ("docs/gone.md", True),
        ("src/ascension/gone/", True),
        ("a/b", False),
    ],
)
def test_a_path_that_is_not_there_is_found(span: str, broken: bool) -> None:
    assert bool(documents.missing_paths("README.md", f"see `{span}`", SMALL)) is broken


def test_a_decision_outside_the_index_is_found() -> None:
    pages = {
        "d/README.md": "[one](0001-one.md)",
        "d/0001-one.md": "",
        "d/0002-two.md": "",
        "d/0001-uno.md": "",
    }
    found = documents.unlisted_decisions("d/README.md", pages)
    assert [finding.path for finding in found] == ["d/0001-uno.md", "d/0002-two.md", "d/0001-uno.md"]


def test_a_target_without_help_is_found() -> None:
    makefile = "A := b\n.PHONY: up\nup: prepare ## start everything\n\tgo\nstop:\n\thalt\n"
    assert documents.targets_of(makefile) == {"up": "start everything", "stop": ""}
    assert [finding.detail for finding in documents.silent_targets("Makefile", makefile)] == [
        "target stop has no help line"
    ]


def test_an_error_without_message_is_found() -> None:
    source = 'class A(E):\n    """It broke."""\n\nclass B(E):\n    pass\n\nclass C(E):\n    """broke"""\n'
    assert [finding.line for finding in documents.silent_errors("errors.py", source)] == [4, 7]


def test_an_error_outside_the_catalogue_is_found() -> None:
    source = "class Gone(errors.NotFound):\n    pass\n\nclass Signal(Exception):\n    pass\n"
    assert [finding.line for finding in documents.foreign_errors("a.py", source, {"NotFound"})] == [1]


def test_links_resolve() -> None:
    paths = tree.paths()
    findings = [
        finding
        for path, source in MARKDOWN.items()
        for finding in documents.broken_links(path, source, MARKDOWN, paths)
    ]
    assert not findings, report(findings)


def test_named_paths_exist() -> None:
    paths = tree.paths()
    findings = [
        finding
        for path, source in MARKDOWN.items()
        for finding in documents.missing_paths(path, source, paths)
    ]
    assert not findings, report(findings)


def test_decisions_are_listed() -> None:
    findings = documents.unlisted_decisions(INDEX, MARKDOWN)
    assert not findings, report(findings)


def test_every_command_explains_itself() -> None:
    makefile = tree.text("Makefile") or ""
    targets = documents.targets_of(makefile)
    assert {"up", "test", "lint"} <= targets.keys()
    findings = documents.silent_targets("Makefile", makefile)
    assert not findings, report(findings)


def test_make_alone_lists_every_command() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=tree.ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    ).stdout
    hidden = {name for name in documents.targets_of(tree.text("Makefile") or "") if name not in shown}
    assert not hidden, hidden


@pytest.mark.proves("M64")
def test_ci_runs_what_everyone_runs() -> None:
    ci, checks = tree.text(".ci/run") or "", tree.text("scripts/check.py") or ""
    assert os.access(tree.ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in ci
    assert "scripts/check.py" in (tree.text("Makefile") or "")
    assert all(tool in checks for tool in ("ruff", "pyright", "lint-imports", "tests/house", "pytest", "npm"))


def test_every_error_is_a_sentence() -> None:
    sources = tree.sources(".py", under=(CATALOGUE,))
    findings = [finding for path in sources for finding in documents.silent_errors(path, sources[path])]
    assert sources
    assert not findings, report(findings)


def test_errors_stand_in_the_catalogue() -> None:
    names = {error.__name__ for error in errors.catalogue().values()}
    findings = [
        finding
        for path, source in tree.sources(".py", under=("src/",)).items()
        if not path.startswith(CATALOGUE)
        for finding in documents.foreign_errors(path, source, names)
    ]
    assert not findings, report(findings)


@pytest.mark.proves("D19")
def test_license_and_notice_are_there() -> None:
    assert "Apache License" in (tree.text("LICENSE") or "")
    notice = tree.text("NOTICE") or ""
    assert all(part in notice for part in ("x264", "x265", "BlazePose", "CC0"))
