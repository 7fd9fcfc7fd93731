"""The small picture of a climb: on its card, and in the player until the clip has a picture of its own."""

import asyncio
from collections import Counter
from urllib.parse import urlsplit

from playwright.async_api import Page, Request, Route, expect

from tests.conftest import Engines
from tests.platform import Climber
from tests.web.seeds import failed_climb, ready_climb, store_thumbnail


async def test_it_is_on_the_card_and_in_the_player_until_the_clip_is_there(
    page: Page, owner: Climber, engines: Engines, web_url: str
) -> None:
    climb = await ready_climb(engines, owner)
    await failed_climb(engines, owner)
    await store_thumbnail(engines, owner, climb["id"])
    asked: Counter[str] = Counter()
    waits = asyncio.Event()

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        asked["picture" if "/thumbnails/" in path else path] += 1

    async def hold(route: Route) -> None:
        await waits.wait()
        await route.continue_()

    page.on("request", note)
    await page.goto(web_url)
    cards = page.get_by_test_id("climb")
    await expect(cards).to_have_count(2)
    picture = cards.locator("img")
    await expect(picture).to_have_count(1)  # the other has none, and as much room
    boxes = [await card.get_by_test_id("thumbnail").bounding_box() for card in await cards.all()]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert (boxes[0]["width"], boxes[0]["height"]) == (boxes[1]["width"], boxes[1]["height"])
    await page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=thumbnail] img')].every((one) => one.naturalWidth)"
    )
    await page.wait_for_timeout(1000)  # the socket has begun with its rows by now
    assert asked["/api/v1/analyses"] == 1, "the list is asked for once"

    asked.clear()
    await page.route("**/uploads/**", hold)
    await page.goto(f"{web_url}/climbs/{climb['id']}")
    overlay = page.get_by_test_id("overlay")
    await page.locator("[data-testid=overlay][data-frame]").wait_for(state="attached")
    video = page.get_by_test_id("video")
    assert "/thumbnails/" in (await video.get_attribute("poster") or "")
    await expect(overlay).to_be_hidden()  # it is of another moment
    waits.set()
    await expect(overlay).to_be_visible()
    assert not await video.get_attribute("poster")
    assert asked["/api/v1/analyses"] == 0, "a climb's page has no list"
    assert asked["picture"] <= 2
