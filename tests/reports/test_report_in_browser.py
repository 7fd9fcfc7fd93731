"""The page as a browser shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ascension.accounts.choices import LANGUAGES, Language
from ascension.climbing.body import Body
from ascension.climbing.climb import read
from ascension.reports.content import Clip, Material, report_of
from ascension.reports.page import page_of
from tests.analyses.sample import build_sample
from tests.climbing.stories import motion_of
from tests.climbing.test_measures_properties import ladder
from tests.clips import cut_climb
from tests.reports.test_report import picture
from tests.web.conftest import browser_program

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_program(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=LANGUAGES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    language: Language = request.param
    climb = read(motion_of(ladder()), Body(height_m=1.75, mass_kg=60))
    path = tmp_path / "climb.report.html"
    path.write_bytes(page_of(report_of(Material(build_sample(), climb, "climb", picture("WEBP")), language)))
    return path


@pytest.fixture
def with_video(tmp_path: Path) -> Path:
    """A page with a video of 40 frames beside it."""
    climb, file = read(motion_of(ladder()), Body(height_m=1.75, mass_kg=60)), tmp_path / "climb.report.html"
    cut_climb(tmp_path / "climb.overlay.mp4", 40)
    material = Material(build_sample(), climb, "climb", picture("WEBP"), Clip("climb.overlay.mp4"))
    file.write_bytes(page_of(report_of(material, "fr")))
    return file


def opened(browser: Browser, file: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    """The page and what it asked for or complained about."""
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    page.on("console", lambda message: found.append(message.text))
    page.goto(file.as_uri())
    return page, [one for one in found if one != file.as_uri() and not one.startswith("data:")]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_it_fits_shows_its_picture_and_asks_nobody(
    browser: Browser, file: Path, width: int, scheme: str
) -> None:
    page, asked = opened(browser, file, width, scheme)
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 25, 31)" if scheme == "dark" else "rgb(255, 255, 255)"
    )
    shown = "async () => { const i = new Image(); i.src = document.querySelector('image').href.baseVal;"
    assert page.evaluate(f"{shown} await i.decode(); return i.naturalWidth; }}") == 600
    page.close()


def test_it_prints_on_white_without_cut_tables(browser: Browser, file: Path) -> None:
    page, _ = opened(browser, file, 720, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    cut = "[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_click_on_a_time_shows_that_moment_of_the_video_beside_it(
    browser: Browser, with_video: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(with_video.as_uri())
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    link = page.locator("table a.moment").first
    at_s = float(link.get_attribute("data-at") or "nan")
    assert 0 < at_s < 40 / 30
    page.evaluate(
        "void (document.querySelector('video').play = () => Promise.reject())"
    )  # stays where it is put
    link.click()
    assert page.evaluate("document.querySelector('video').currentTime") == pytest.approx(at_s, abs=0.01)
    assert page.url == with_video.as_uri()
    assert page.locator("video").bounding_box()["y"] >= 0  # pyright: ignore[reportOptionalSubscript]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_video_that_is_not_there_any_more_is_said_to_be_missing(browser: Browser, with_video: Path) -> None:
    with_video.with_name("climb.overlay.mp4").unlink()
    page = browser.new_page()
    page.goto(with_video.as_uri())
    page.locator(".missing").wait_for()
    assert "climb.overlay.mp4" in page.locator(".missing").inner_text()
    assert not page.locator("video").is_visible()
    page.locator("table a.moment").first.click()
    assert page.url == with_video.as_uri()
    page.close()
