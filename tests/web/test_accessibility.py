"""Usable without a mouse, without seeing the screen and with a thumb: audits, a keyboard journey, targets."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.clips import short_climb
from tests.conftest import Engines
from tests.platform import PASSWORD, ROOT, Climber, Programs, seeded_climber
from tests.sharing.seeds import coached, shared_path, told_climb
from tests.web import seeds
from tests.web.steps import agree_by_keyboard, open_climb, tab_to, until
from tests.web.test_operator import fill_queue, make_operator

WALK = ROOT / "docs" / "guides" / "without-a-mouse.md"
WRITTEN = re.compile(r"`([^`]+)`")
"""What is read out stands in such signs there, and nothing else does."""
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
TOUCH_PX = 48


AUDIT = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    const where = (nodes) => nodes.map((node) => node.html.slice(0, 160)).join(" | ");
    return violations.map(({ id, nodes }) => `${id}: ${where(nodes)}`);
}"""

# The link of a card is as large as the card; a hidden file input is reached by its label, a tick is as large
# as its label, and a link within a sentence is exempt (WCAG 2.5.8).
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary, label")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((element) => !element.matches(".visually-hidden, .field > label"))
    .filter((element) => !(element.matches("a") && getComputedStyle(element).display === "inline"))
    .map((element) => (element.matches("[type=radio], [type=checkbox]") && element.closest("label")) ||
        element)
    .map((element) => element.matches(".climb-card h2 a") ? element.closest("li") : element)
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, box]) => box.width < 47.9 || box.height < 47.9)
    .map(([element, box]) => `${element.outerHTML.slice(0, 120)} ${box.width} x ${box.height}`)"""

DOUBLE_IDS = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, n) => ids.indexOf(id) !== n).map((id) => `the id ${id} stands twice`);
}"""
OVERLAPPING = """() => {
    const every = ".climb-page-name > *, .climb-page-head button, .climb-page-head a";
    const parts = [...document.querySelectorAll(every)]
        .map((part) => ({ part, box: part.getBoundingClientRect() }))
        .filter(({ box }) => box.width * box.height > 0);
    return parts.flatMap(({ part, box: a }, n) => parts.slice(n + 1)
        .filter(({ box: b }) => a.left < b.right - 1 && b.left < a.right - 1)
        .filter(({ box: b }) => a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map((other) => `${part.textContent} and ${other.part.textContent}`));
}"""
STICKING_OUT = """() => [...document.querySelectorAll("h1, h2, p, a, button, select, input, .stage")]
    .filter((element) => !element.matches(".visually-hidden") && element.checkVisibility())
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.left < -1 || box.right > window.innerWidth + 1))
    .map(([element, box]) => `${element.outerHTML.slice(0, 100)} ${box.left} to ${box.right}`)"""


THOROUGH = [pytest.param(name, marks=pytest.mark.thorough) for name in ("phone dark", "desktop light")]


@pytest_asyncio.fixture(loop_scope="session", params=["phone light", "desktop dark", *THOROUGH])
async def screen(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of one size and scheme that carries the audit."""
    size, scheme = request.param.split()
    is_phone = size == "phone"
    context = await browser.new_context(
        viewport={"width": 390, "height": 844} if is_phone else {"width": 1280, "height": 800},
        has_touch=is_phone,
        is_mobile=is_phone,
        color_scheme=scheme,
        reduced_motion="reduce",  # contrast is judged at rest
        service_workers="block",
    )
    context.set_default_timeout(15_000)
    await context.add_init_script(path=AXE)
    yield await context.new_page()
    await context.close()


async def _look_at_sharing(screen: Page, web_url: str, look: Callable[[str], Awaitable[None]]) -> None:
    """From a climb's page: what is said about it, its links, whom one coaches, and what a guest sees."""
    await screen.get_by_test_id("comment-text").fill("Feet!")
    await screen.get_by_test_id("comment-say").click()
    await screen.get_by_test_id("comment-jump").wait_for()
    await look("comments")
    await screen.get_by_test_id("share").click()
    await screen.get_by_test_id("share-comments").check()
    await screen.get_by_test_id("share-locked").check()
    await screen.get_by_test_id("share-password").fill("blue slab")
    await screen.get_by_test_id("share-make").click()
    link = await screen.get_by_test_id("link").input_value()
    await look("share")
    await screen.goto(f"{web_url}/climbers")
    await screen.get_by_test_id("climbers").wait_for()
    await look("climbers")
    await screen.goto(link)
    await screen.get_by_test_id("guest-password").fill("blue slab")
    await look("a guest who is asked")
    await screen.get_by_test_id("guest-open").click()
    await screen.get_by_test_id("comment-jump").wait_for()
    await look("guest")


async def _look_from_outside(screen: Page, web_url: str, look: Callable[[str], Awaitable[None]]) -> None:
    await screen.goto(web_url)
    await screen.get_by_test_id("account-email").wait_for()
    await look("start")
    await screen.get_by_test_id("to-demo").click()
    await screen.get_by_test_id("coach").wait_for()
    await look("finished example")


async def _look_at_the_account(screen: Page, web_url: str, look: Callable[[str], Awaitable[None]]) -> None:
    """The menu, the introduction, and the page where two things ask for the password at once."""
    await screen.get_by_test_id("account-menu").click()
    await look("account")
    await screen.get_by_test_id("to-introduction").click()
    for step in ("film", "read", "improve"):
        await screen.locator(f"[data-testid=introduction][data-step={step}]").wait_for()
        await look(f"introduction: {step}")
        await screen.get_by_test_id("introduction-next").click()
    await screen.goto(f"{web_url}/account")
    for gate in ("codes-begin", "passkey-add"):
        await screen.get_by_test_id(gate).click()
    await expect(screen.get_by_test_id("gate-password")).to_have_count(2)
    await look("account, asked for the password twice")
    await screen.goto(web_url)


@pytest.mark.proves("M07")
async def test_no_screen_has_a_finding_of_the_audit_or_a_small_target(
    screen: Page, web_url: str, engines: Engines
) -> None:
    found: dict[str, Any] = {}

    async def look(name: str) -> None:
        found[name] = []
        for question in (AUDIT, SMALL_TARGETS, DOUBLE_IDS):
            found[name] += await screen.evaluate(question)

    await _look_from_outside(screen, web_url, look)
    async with seeds.logged_in(screen, await seeded_climber(engines, web_url)) as climber:
        await screen.goto(web_url)
        await screen.get_by_test_id("empty").wait_for()
        await look("empty list")
        await _look_at_the_account(screen, web_url, look)
        ready = await seeds.ready_climb(engines, climber)
        await seeds.failed_climb(engines, climber)
        await climber.analyze(b"waiting for a worker")
        await screen.reload()
        await screen.get_by_test_id("climb").nth(2).wait_for()
        await screen.get_by_test_id("filter-more").click()
        await look("list")
        await screen.get_by_test_id("delete").first.click()
        await look("dialog")
        await screen.get_by_test_id("confirm").click()
        await screen.get_by_test_id("undo").wait_for()
        await screen.get_by_test_id("to-trash").click()
        await screen.get_by_test_id("trashed").wait_for()
        await look("trash")
        await open_climb(screen, web_url, ready["id"])
        await screen.get_by_test_id("tag-text").fill("slab")
        await screen.get_by_test_id("tag-text").press("Enter")
        await screen.get_by_test_id("tag").wait_for()
        await screen.get_by_test_id("layer-angles").click()
        await look("player")
        await _look_at_sharing(screen, web_url, look)
        await open_climb(screen, web_url, ready["id"])
        await screen.get_by_test_id("not-the-climber").click()
        await screen.get_by_test_id("person-2").wait_for()
        await expect(screen.get_by_test_id("correction")).to_be_in_viewport()
        await look("who climbs")
        await screen.get_by_test_id("person-2").click()
        await screen.get_by_test_id("correction-send").wait_for()
        await look("analyze again")
        await make_operator(engines, climber)
        await screen.goto(f"{web_url}/operator")
        await screen.get_by_test_id("operator-quiet").wait_for()
        await look("operations, quiet")
        await fill_queue(engines, climber)
        await screen.reload()
        await screen.get_by_test_id("job").nth(4).wait_for()
        await screen.locator("details.operator-facts").first.locator("summary").click()
        await look("operations")
        await screen.get_by_test_id("retry-all").click()
        await look("retry all")
        await _look_at_operations(screen, web_url, look)
        await _coach_somebody(engines, web_url, climber)
        await _look_at_news(screen, web_url, look)
    assert not any(found.values()), found


async def _coach_somebody(engines: Engines, web_url: str, coach: Climber) -> None:
    """Who has said something since."""
    other = await seeded_climber(engines, web_url)
    await coached(other, coach)
    climb = await told_climb(engines, other)
    await other.post(shared_path(climb["id"], "/comments"), {"at_s": 1.0, "text": "Why did I slip?"})
    await other.http.aclose()


async def _look_at_news(screen: Page, web_url: str, look: Callable[[str], Awaitable[None]]) -> None:
    await screen.goto(f"{web_url}/climbers")
    await screen.get_by_test_id("open-comment").wait_for()
    await look("climbers with news")


async def _look_at_operations(screen: Page, web_url: str, look: Callable[[str], Awaitable[None]]) -> None:
    """What an admin sees beside the queue."""
    await screen.goto(f"{web_url}/operator/accounts")
    await screen.get_by_test_id("account-manage").first.click()
    await look("operations, accounts")
    await screen.goto(f"{web_url}/operator/storage")
    await screen.get_by_test_id("storage").wait_for()
    await look("operations, storage")
    await screen.goto(f"{web_url}/operator/log")
    await screen.get_by_test_id("check-log").click()
    await screen.get_by_test_id("log-whole").wait_for()
    await look("operations, log")


async def test_a_climb_is_uploaded_watched_and_deleted_by_keyboard_alone(
    page: Page, web_url: str, programs: Programs, tmp_path: Path
) -> None:
    programs.worker()
    clip = tmp_path / "short.mp4"
    clip.write_bytes(short_climb(40))
    await page.goto(web_url)
    await tab_to(page, "account-email")
    await page.keyboard.type(f"{tmp_path.name}-{id(page)}@example.org".replace("_", "-"))
    await tab_to(page, "account-password")
    await page.keyboard.type(PASSWORD)
    await agree_by_keyboard(page)
    await page.keyboard.press("Enter")
    await page.get_by_test_id("introduction").wait_for()
    for title in ("Film one climb", "Read what you did", "Change one thing"):
        await until(page.get_by_role("heading", name=title), "h => h === document.activeElement")
        await tab_to(page, "introduction-next")
        await page.keyboard.press("Enter")
    await page.get_by_test_id("empty").wait_for()
    await until(page.get_by_role("heading", level=1), "h => h === document.activeElement")
    said = await _listen(page)
    told: list[str] = []

    await tab_to(page, "choose")
    told.append(await _read_out(page))
    await page.locator("[data-testid=choose]:focus").set_input_files(clip)
    climb = page.get_by_test_id("climb")
    await until(climb, "c => c.dataset.state === 'completed'", timeout_s=60)
    await until(page.get_by_test_id("announcer"), "a => a.innerText.includes('short.mp4: Ready')")
    told += await said()

    await climb.get_by_role("link").focus()
    told.append(await _read_out(page))
    await page.keyboard.press("Enter")
    overlay = page.get_by_test_id("overlay")
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2")
    assert await _focused(page) == "short.mp4"
    told.append(await _read_out(page))
    told += await _play_step_slow_down(page)
    told += await _switch_layers(page)

    await page.reload()
    await overlay.wait_for()
    told += await _delete(page)
    assert await _focused(page) == "Your climbs"
    toast = page.get_by_test_id("toast")  # a live region itself
    await until(toast, "t => t.role === 'status' && t.innerText.includes('short.mp4 is in the trash')")
    told += [await _read_out(page), await toast.inner_text()]
    await page.get_by_test_id("empty").wait_for()
    unsaid = [words for words in WRITTEN.findall(WALK.read_text()) if not any(words in one for one in told)]
    assert not unsaid, "\n".join([*unsaid, "", *told])


async def _read_out(page: Page) -> str:
    """What a screen reader says of the element that has the focus: role, name, state."""
    return (await page.locator(":focus").aria_snapshot()).splitlines()[0].removeprefix("- ")


async def _focused(page: Page) -> str:
    return await page.evaluate("document.activeElement.innerText")


async def _listen(page: Page) -> Callable[[], Awaitable[list[str]]]:
    """Collect what the live region says from now on."""
    await page.evaluate(
        """() => {
            const region = document.querySelector("[data-testid=announcer]");
            window.said = [];
            const hear = () => window.said.push(region.innerText);
            const everything = { characterData: true, childList: true, subtree: true };
            new MutationObserver(hear).observe(region, everything);
        }"""
    )
    return lambda: page.evaluate("window.said")


async def _play_step_slow_down(page: Page) -> list[str]:
    overlay = page.get_by_test_id("overlay")
    await tab_to(page, "step-forward")
    told = [await _read_out(page)]
    await page.keyboard.press("Enter")
    await until(overlay, "c => c.dataset.frame === '1'")
    await page.keyboard.press("Shift+Tab")
    told.append(await _read_out(page))
    await page.keyboard.press("Space")  # the play button
    await until(overlay, "c => Number(c.dataset.frame) > 3")
    await page.keyboard.press("Space")
    await until(page.get_by_test_id("video"), "v => v.paused")
    await tab_to(page, "speed")
    told.append(await _read_out(page))
    await page.keyboard.press("ArrowUp")
    await until(page.get_by_test_id("video"), "v => v.playbackRate === 0.5")
    return told


async def _switch_layers(page: Page) -> list[str]:
    await tab_to(page, "layer-angles")
    await page.keyboard.press("Enter")
    await until(page.get_by_test_id("layer-angles"), "b => b.ariaPressed === 'true'")
    told = [await _read_out(page)]
    await page.get_by_test_id("play").focus()
    await page.keyboard.press("s")
    await until(page.get_by_test_id("layer-skeleton"), "b => b.ariaPressed === 'false'")
    return told


async def _delete(page: Page) -> list[str]:
    """Open the dialog, try to leave it by Tab, keep, open again, delete."""
    await tab_to(page, "delete")
    told = [await _read_out(page)]
    await page.keyboard.press("Enter")
    dialog = page.get_by_test_id("confirm-dialog")
    await dialog.wait_for()
    reached: set[str] = set()
    for _ in range(6):
        await page.keyboard.press("Tab")
        reached.add(
            await page.evaluate(
                "document.activeElement === document.body ? 'browser'"
                " : document.activeElement.closest('dialog')?.dataset.testid ?? 'behind'"
            )
        )
    assert reached <= {"confirm-dialog", "browser"}, "the focus left the dialog for the page behind it"
    await page.keyboard.press("Escape")
    await until(page.get_by_test_id("delete"), "b => b === document.activeElement")
    await page.keyboard.press("Enter")
    told.append((await dialog.aria_snapshot()).splitlines()[0].removeprefix("- "))
    await tab_to(page, "confirm")
    told.append(await _read_out(page))
    await page.keyboard.press("Enter")
    await page.get_by_test_id("empty").wait_for()
    return told


async def test_the_keys_of_the_player_can_be_switched_off(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    analysis = await seeds.ready_climb(engines, owner)
    overlay = await open_climb(page, web_url, analysis["id"])
    await page.get_by_test_id("keys-on").evaluate("box => box.click()")  # folded away on touch screens
    await page.keyboard.press("End")
    await page.keyboard.press("s")
    assert await page.get_by_test_id("layer-skeleton").get_attribute("aria-pressed") == "true"
    assert await overlay.get_attribute("data-frame") == "0"
    await page.reload()
    assert await page.get_by_test_id("keys-on").is_checked() is False


async def test_deleting_in_the_list_keeps_the_focus_and_names_what_is_gone(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await seeds.failed_climb(engines, owner)
    await page.goto(web_url)
    await tab_to(page, "delete")
    await page.route("**/api/v1/videos/*", lambda route: route.abort())
    await page.keyboard.press("Enter")
    await page.get_by_test_id("confirm").press("Enter")
    await page.get_by_text("No connection").wait_for()
    assert await page.get_by_test_id("climb").count() == 1
    await until(page.get_by_test_id("delete"), "b => b === document.activeElement")
    await page.unroute_all()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("confirm").press("Enter")
    await page.get_by_test_id("empty").wait_for()
    assert await _focused(page) == "Your climbs"


async def test_back_leads_to_the_place_in_the_list_where_one_was(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await seeds.many_climbs(engines, owner, 12)
    await page.goto(web_url)
    link = page.get_by_test_id("climb").nth(11).get_by_role("link")
    await link.scroll_into_view_if_needed()
    place = await page.evaluate("window.scrollY")
    assert place > 300
    await link.focus()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("failure").wait_for()
    assert await page.evaluate("window.scrollY") == 0
    await page.go_back()
    await page.get_by_test_id("climb").nth(11).wait_for()
    assert await _focused(page) == "Your climbs"
    assert abs(await page.evaluate("window.scrollY") - place) < 100


async def test_reduced_motion_is_respected(page: Page, web_url: str, owner: Climber) -> None:
    endless = "document.getAnimations().filter(a => a.effect.getTiming().iterations === Infinity).length"
    await owner.analyze(b"waiting for a worker")
    await page.goto(web_url)
    await page.get_by_test_id("progress").wait_for()
    assert await page.evaluate(endless) > 0
    await page.emulate_media(reduced_motion="reduce")
    assert await page.evaluate(endless) == 0


async def test_large_text_and_narrow_screens_lose_nothing_at_the_side(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    upright = await seeds.ready_climb(engines, owner)
    wide = await seeds.landscape_climb(engines, owner)
    await seeds.failed_climb(engines, owner)

    async def assert_nothing_sticks_out(where: str) -> None:
        for width_px, text_pct in ((390, 200), (320, 100)):
            await page.set_viewport_size({"width": width_px, "height": 844})
            await page.evaluate("pct => { document.documentElement.style.fontSize = `${pct}%`; }", text_pct)
            out = await page.evaluate(STICKING_OUT)
            assert not out, f"{where} at {width_px} px, text {text_pct} %: {out}"
            over = await page.evaluate(OVERLAPPING)
            assert not over, f"{where} at {width_px} px, text {text_pct} %, one over the other: {over}"

    await page.goto(web_url)
    await page.get_by_test_id("climb").nth(2).wait_for()
    await assert_nothing_sticks_out("list")
    for climb in (upright, wide):
        await open_climb(page, web_url, climb["id"])
        await assert_nothing_sticks_out("player")
