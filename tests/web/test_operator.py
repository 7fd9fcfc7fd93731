"""The operator's page: what waits and is dead, retried and canceled there, and not there for anybody else."""

import pytest
from playwright.async_api import Page

from tests.conftest import Engines
from tests.platform import Climber, new_climber
from tests.rows import sql
from tests.web.steps import until


async def make_operator(engines: Engines, climber: Climber) -> None:
    """An operator of a platform without jobs and workers."""
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    await sql(engines, "truncate jobs cascade")
    await sql(engines, "truncate workers")


async def fill_queue(engines: Engines, climber: Climber) -> None:
    """Two workers; jobs of every tier that wait, run, or ended badly: five of them dead."""
    await sql(
        engines,
        """
        insert into workers (id, version, slots, running, figures) values
            ('worker-3-5812', '0.1.0', 4, 1, '{"jobs_done": 214, "jobs_crashed": 3, "jobs_claims_lost": 0}'),
            ('worker-7-102', '0.1.0', 4, 0, '{"draining": 1, "jobs_done": 8, "jobs_crashed": 0,
                                             "jobs_claims_lost": 1}')
        """,
    )
    await sql(
        engines,
        """
        insert into jobs (id, kind, subject_id, user_id, tier, state, attempt, crashes, failure_code, stage,
            progress_pct, admitted, worker_id, request_id, created_at, started_at, finished_at, deliver_after,
            delivered_at)
        select uuidv7(), kind, gen_random_uuid(), %s, tier, state, attempt, crashes, code, stage, 42, true,
            'worker-3-5812', gen_random_uuid()::text, now() - age, now() - age / 2,
            case when state in ('dead', 'done') then now() - age / 4 end, now() + interval '1 hour', now()
        from (values
            ('analysis', 'free', 'dead', 3, 2, 'worker_lost', null, interval '3 hours', 3),
            ('analysis', 'premium', 'dead', 2, 2, 'compute_crashed', null, interval '40 minutes', 1),
            ('comparison', 'free', 'dead', 9, 0, 'storage_unavailable', null, interval '2 hours', 1),
            ('analysis', 'free', 'queued', 0, 0, null, null, interval '12 minutes', 14),
            ('derivation', 'premium', 'queued', 1, 1, 'compute_crashed', null, interval '50 seconds', 3),
            ('analysis', 'infinity', 'processing', 1, 0, null, 'poses', interval '9 seconds', 1),
            ('analysis', 'infinity', 'done', 1, 0, null, null, interval '30 seconds', 6)
        ) as row (kind, tier, state, attempt, crashes, code, stage, age, count), generate_series(1, count)
        """,
        climber.user["id"],
    )


@pytest.mark.proves("D11", "D02")
@pytest.mark.usefixtures("owner")
async def test_a_climber_finds_no_such_page(page: Page, web_url: str) -> None:
    await page.goto(f"{web_url}/operator")
    await page.get_by_role("heading", name="No hold here").wait_for()
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("to-progress").wait_for()
    assert await page.get_by_test_id("to-operator").count() == 0


@pytest.mark.proves("D11")
async def test_an_operator_retries_and_cancels_what_is_stuck(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await make_operator(engines, owner)
    await page.goto(web_url)
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("to-operator").tap()
    assert (
        "Nothing is waiting. Nothing has failed." in await page.get_by_test_id("operator-quiet").inner_text()
    )
    await page.get_by_test_id("no-jobs").wait_for()
    await fill_queue(engines, owner)
    job = page.get_by_test_id("job")
    await job.nth(4).wait_for()  # looked at anew by itself
    assert "14 waiting, the oldest for 12 min" in await page.get_by_test_id("tier-free").inner_text()
    assert "runs 1 of 4" in await page.get_by_test_id("worker").first.inner_text()

    group = page.get_by_test_id("dead-group")
    assert "machine was killed" in await group.filter(has_text="worker_lost").inner_text()
    await group.filter(has_text="compute_crashed").get_by_test_id("retry-reason").tap()
    await page.get_by_test_id("confirm").tap()
    await until(page.get_by_test_id("toast"), "t => t.innerText.includes('1 waits again')")
    await page.get_by_test_id("filter-reason").fill("storage_unavailable")
    await page.get_by_test_id("filter-reason").press("Enter")
    await until(page.locator("body"), "b => b.querySelectorAll('[data-testid=job]').length === 1")
    assert "comparison" in await job.inner_text()
    await page.get_by_test_id("retry-job").tap()
    await until(page.get_by_test_id("toast"), "t => t.innerText.includes('It waits again')")
    await page.get_by_test_id("no-jobs").wait_for()

    await page.get_by_test_id("filter-reason").fill("")
    await page.get_by_test_id("filter-reason").press("Enter")
    await job.nth(2).wait_for()
    await page.get_by_test_id("retry-all").tap()
    await page.get_by_test_id("confirm").tap()
    await until(page.get_by_test_id("toast"), "t => t.innerText.includes('3 wait again')")
    await page.get_by_test_id("no-jobs").wait_for()
    await until(page.get_by_test_id("tier-free"), "t => t.innerText.includes('18 waiting')")

    await page.get_by_test_id("filter-state").select_option("processing")
    await page.get_by_test_id("cancel-job").tap()
    await page.get_by_test_id("confirm").tap()
    await until(page.get_by_test_id("toast"), "t => t.innerText.includes('It stops within two seconds')")
    assert await sql(engines, "select count(*) from jobs where cancel_requested") == [(1,)]
    assert await sql(engines, "select count(*) from jobs where state = 'dead'") == [(0,)]


@pytest.mark.proves("D02")
async def test_an_admin_sets_a_role_and_a_plan_and_takes_it_back(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await make_operator(engines, owner)
    other = await new_climber(web_url)
    kept = "select role, tier from users where id = %s"
    await page.goto(f"{web_url}/operator")
    await page.get_by_test_id("operator-accounts").tap()
    await page.get_by_test_id("account").nth(1).wait_for()  # everybody, before one is looked for
    await page.get_by_test_id("account-address").fill("nobody@example.org")
    await page.get_by_test_id("find-account").tap()
    await page.get_by_test_id("no-account").wait_for()
    await page.get_by_test_id("account-address").fill(other.email.partition("@")[0])
    await page.get_by_test_id("account-address").press("Enter")
    await page.get_by_test_id("account-tier").select_option("premium")
    await page.get_by_test_id("account-reason").fill("trainer of the gym")
    await page.get_by_test_id("give-plan").tap()
    await until(page.get_by_test_id("toast"), f"t => t.innerText.includes('{other.email} is changed')")
    await page.get_by_test_id("account-role").select_option("coach")
    await until(page.get_by_test_id("account-role"), "s => !s.disabled && s.value === 'coach'")
    assert await sql(engines, kept, other.user["id"]) == [("coach", "premium")]
    await page.get_by_test_id("toast").get_by_role("button", name="Undo").tap()
    await until(page.get_by_test_id("account-role"), "s => !s.disabled && s.value === 'climber'")
    assert await sql(engines, kept, other.user["id"]) == [("climber", "premium")]
    await other.http.aclose()

    await sql(
        engines, "update users set role = 'climber' where role = 'admin' and id <> %s", owner.user["id"]
    )
    await sql(
        engines,
        "insert into totp_factors (user_id, sealed_secret, confirmed_at) values (%s, 'x', now())",
        other.user["id"],
    )
    await page.reload()
    await page.get_by_test_id("account-address").fill(other.email)
    await page.get_by_test_id("find-account").tap()
    await page.get_by_test_id("codes-off").tap()
    await page.get_by_test_id("confirm").tap()
    await page.get_by_test_id("codes-off").wait_for(state="detached")
    await page.get_by_test_id("end-sessions").tap()
    await page.get_by_test_id("confirm").tap()
    await page.get_by_test_id("end-sessions").wait_for(state="detached")
    await page.get_by_test_id("account-did").tap()
    await page.get_by_test_id("log-party").wait_for()
    await page.go_back()
    await page.get_by_test_id("account-address").fill(owner.email)
    await page.get_by_test_id("find-account").tap()
    await until(page.get_by_test_id("account-role"), "s => !s.disabled && s.value === 'admin'")
    await page.get_by_test_id("account-role").select_option("climber")
    await page.get_by_text("This is the only admin").wait_for()
    await until(page.get_by_test_id("account-role"), "s => s.value === 'admin'")
    assert await sql(engines, "select role from users where id = %s", owner.user["id"]) == [("admin",)]


@pytest.mark.proves("D02", "D11")
async def test_an_admin_reads_what_is_stored_and_the_log_and_checks_it(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await make_operator(engines, owner)
    await owner.analyze(b"a clip")
    await page.goto(f"{web_url}/operator/storage")
    uploads = page.get_by_test_id("stored-uploads")
    await uploads.wait_for()
    assert "object" in await uploads.inner_text()
    assert "ascension storage check" in await page.get_by_test_id("storage").inner_text()
    await page.get_by_test_id("operator-log").tap()
    await page.get_by_test_id("check-log").tap()
    await until(page.get_by_test_id("log-whole"), "n => n.innerText.includes('The log is whole')")
    await page.get_by_test_id("log-action").select_option("account.registered")
    entries = page.get_by_test_id("entry")
    await until(
        page.get_by_test_id("log"),
        "l => l.children.length > 0 && [...l.children].every(e => e.innerText.includes('account was made'))",
    )
    await entries.first.get_by_test_id("entry-party").first.tap()
    await page.get_by_test_id("log-party").wait_for()
    async with page.expect_download() as download:
        await page.get_by_test_id("log-file").tap()
    assert (await download.value).suggested_filename == "audit-log.csv"
    await page.get_by_test_id("log-anybody").tap()
    await page.get_by_test_id("log-party").wait_for(state="detached")
