"""Statements over what is somebody's say whose: seeded ones that do not are found, and none is left."""

import pytest

from tests.house import ownership, tree
from tests.house.finding import report

SCHEMA = ownership.read_schema((tree.ROOT / "migrations" / "schema.sql").read_text())


def loose(statement: str) -> list[str]:
    """What a function that runs this is found for."""
    source = f'async def ask(connection):\n    await connection.execute("""{statement}""", ())\n'
    found = ownership.unowned("a.py", source, SCHEMA, {})
    return [finding.detail.removeprefix("ask: ").removesuffix(" without its owner") for finding in found]


def test_tables_that_refer_to_somebodys_are_somebodys() -> None:
    assert {"users", "videos", "video_parts", "corrections", "wordings", "erasures"} <= SCHEMA.owned
    assert SCHEMA.owned.isdisjoint({"workers", "object_deletions"})
    assert SCHEMA.owner_column("videos") == "user_id"
    assert SCHEMA.owner_column("video_parts") is None


@pytest.mark.parametrize(
    "statement",
    [
        "select id from videos where id = %s and user_id = %s",
        "select id from videos v where v.user_id = any(%(users)s)",
        "select from users where id = %s for no key update",
        "select a.id from analyses a join jobs j on j.id = a.job_id where a.user_id = %s",
        "select a.id from analyses a left join jobs j on j.id = a.job_id where a.user_id = %s",
        "select exists (select from analyses a join jobs j on j.id in (a.job_id) where a.user_id = %s)",
        "select sha256 from video_parts where video_id = (select id from videos where user_id = %s)",
        "select sha256 from video_parts where video_id in (select id from videos where user_id = %s)",
        (
            "with own as (select id from videos where user_id = %s) select p.sha256 from video_parts p, own"
            " where p.video_id = own.id"
        ),
        (
            "select v.id, array(select sha256 from video_parts p where p.video_id = v.id) from videos v"
            " where v.user_id = %s"
        ),
        "update videos set state = 'x' where id = %(id)s and user_id = %(user_id)s returning id",
        "delete from jobs using analyses a where a.user_id = %s and jobs.id in (a.job_id)",
        "insert into videos (id, user_id) values (%s, %s) on conflict do nothing",
        (
            "insert into quota_uses (subject_id, user_id) values (%s, %s) on conflict (subject_id) do update"
            " set used_at = now() where quota_uses.user_id = excluded.user_id"
        ),
        "insert into users (id, email) values (%s, %s) on conflict (id) do update set email = 'x'",
        "insert into corrections (id, analysis_id) select %s, id from analyses where user_id = %s",
        "select id from workers where id = %s",
    ],
)
def test_what_names_its_owner_is_fine(statement: str) -> None:
    assert loose(statement) == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("select id from videos where id = %s", ["videos"]),
        ("select id from videos where id = %s or user_id = %s", ["videos"]),
        ("select id from videos where not user_id = %s", ["videos"]),
        ("select id from videos where user_id <> %s", ["videos"]),
        ("select id from videos where user_id = coalesce(%s, user_id)", ["videos"]),
        ("select id from videos where user_id = user_id", ["videos"]),
        ("select id from videos where (%(u)s::uuid is null or user_id = %(u)s)", ["videos"]),
        ("select id from users where email = %s", ["users"]),
        ("select a.id from analyses a, videos v where a.user_id = %s", ["videos"]),
        ("select a.id from analyses a join videos v on v.state = a.route where a.user_id = %s", ["videos"]),
        (
            "select a.id from analyses a left join jobs j on a.user_id = %s and j.id = a.job_id",
            ["analyses", "jobs"],
        ),
        ("select id from jobs where user_id = %s union select id from jobs where id = %s", ["jobs"]),
        ("select (select email from users where id = v.id) from videos v", ["users", "videos"]),
        ("with all_of (id) as (select id from videos) select 1 from all_of where id = %s", ["videos"]),
        ("select v.id from videos v, (select %s::uuid as id) asked where v.id = asked.id", ["videos"]),
        ("select sha256 from video_parts where video_id = %s", ["video_parts"]),
        ("update videos v set state = 'x' from jobs j where j.user_id = %s", ["videos"]),
        ("delete from jobs using analyses a where a.id = %s and jobs.id = a.job_id", ["analyses", "jobs"]),
        ("insert into videos (id) values (%s)", ["videos"]),
        ("insert into corrections (id, analysis_id) values (%s, %s)", ["corrections"]),
        ("insert into corrections (id, analysis_id) select %s, %s", ["corrections"]),
        ("insert into corrections select id from analyses", ["analyses", "corrections"]),
        (
            (
                "insert into quota_uses (subject_id, user_id) values (%s, %s)"
                " on conflict (subject_id) do update set used_at = now()"
            ),
            ["quota_uses"],
        ),
    ],
)
def test_what_does_not_is_found(statement: str, tables: list[str]) -> None:
    assert loose(statement) == tables


def test_a_statement_is_followed_through_constants_and_choices_and_hides_nowhere() -> None:
    source = (
        'def ask(c, lock, sql):\n    c.execute(SELECT + "where id = %s" + (" for update" if lock else ""))\n'
        '    c.execute(f"{SELECT} where user_id = %s")\n    c.execute(sql)\n    c.execute(made())\n'
    )
    constants = ownership.module_constants('SELECT: LiteralString = "select id from videos "', {})
    found = [finding.detail for finding in ownership.unowned("a.py", source, SCHEMA, constants)]
    assert found == ["ask: videos without its owner"] * 2 + ["ask: is no literal that can be followed"]


def test_an_entry_of_the_list_allows_only_what_it_names_and_only_while_it_has_to() -> None:
    seeded = ownership.unowned(
        "src/a.py", 'def ask(c):\n    c.execute("select id from videos where id = %s")\n', SCHEMA, {}
    )
    for entry in ("src/a.py:ask", "src/a.py", "src/"):
        assert ownership.disallowed(seeded, {entry: "why"}) == []
    assert len(ownership.disallowed(seeded, {"src/a.py:other": "why"})) == 2
    assert len(ownership.disallowed([], {"src/a.py": "why"})) == 1


@pytest.mark.proves("D01", "D04")
def test_every_statement_of_the_product_names_the_owner_or_is_on_the_list() -> None:
    sources = tree.sources(".py", under=("src/",))
    known: dict[str, str] = {}
    for path, source in sources.items():
        known |= ownership.module_constants(source, {}) if "queries" in path else {}
    findings = [
        finding
        for path, source in sources.items()
        for finding in ownership.unowned(path, source, SCHEMA, ownership.module_constants(source, known))
    ]
    assert len(findings) > 50, "statements are read at all"
    left = ownership.disallowed(findings)
    assert not left, report(left)
