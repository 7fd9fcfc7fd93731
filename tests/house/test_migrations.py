"""Expand, then contract: a seeded step that would break or block the release before is found."""

import pytest

from tests.house import migrations, tree
from tests.house.finding import report

# Released before the rule; what each did that it forbids, and why it did no harm.
ACCEPTED = {
    "migrations/20261122000002_coaching.sql": frozenset(
        {"adding-foreign-key-constraint"}  # on a new column that is empty: nothing to look up
    ),
}


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        ("alter table users drop column email;", "ban-drop-column"),
        ("drop table users;", "ban-drop-table"),
        ("alter table users rename column email to mail;", "renaming-column"),
        ("alter table users rename to people;", "renaming-table"),
        ("alter table videos alter column part_size_bytes type bigint;", "changing-column-type"),
        ("alter table users add column nickname text not null;", "adding-required-field"),
        ("alter table users alter column tier set not null;", "adding-not-nullable-field"),
        ("alter table users add constraint a check (length(email) > 3);", "constraint-missing-not-valid"),
        ("alter table users drop constraint users_tier_check;", "ban-drop-constraint"),
        ("revoke select on users from ascension_api;", "revoke"),
        ("alter table users add colum nickname text;", "syntax-error"),
    ],
)
def test_a_step_that_breaks_the_release_before_is_found(step: str, rule: str) -> None:
    found = migrations.unsafe_steps("a.sql", f"-- migrate:up\n\n{step}\n-- migrate:down\nselect 1;\n")
    assert [(finding.line, finding.detail.partition(":")[0]) for finding in found] == [(3, rule)]


@pytest.mark.parametrize(
    "step",
    [
        "alter table users add column nickname text;",
        "alter table users add column visits bigint not null default 0;",
        "create table notes (id uuid primary key, note text not null);",
        "alter table users add constraint a check (length(email) > 3) not valid;",
        "grant select on users to ascension_worker;",
    ],
)
def test_a_step_that_only_adds_is_not(step: str) -> None:
    assert migrations.unsafe_steps("a.sql", f"-- migrate:up\n{step}\n-- migrate:down\ndrop table a;\n") == []


def test_a_contract_line_names_the_release_since_which_no_code_uses_it() -> None:
    step = "alter table users drop column email;\n-- migrate:down\nselect 1;\n"
    assert migrations.unsafe_steps("a.sql", f"-- contract: no longer used\n{step}") != []
    assert migrations.unsafe_steps("a.sql", f"-- contract: 0.3 reads mail instead\n{step}") == []
    # it allows taking away, not a lock for as long as a table is long
    scan = "alter table users alter column tier set not null;"
    assert migrations.unsafe_steps("a.sql", f"-- contract: 0.3 always writes it\n{scan}") != []


def test_migrations_keep_the_release_before_running() -> None:
    sources = tree.sources(".sql", under=("migrations/",))
    findings = [
        finding
        for path, text in sources.items()
        for finding in migrations.unsafe_steps(path, text, accepted=ACCEPTED.get(path, frozenset()))
    ]
    assert not findings, report(findings)
