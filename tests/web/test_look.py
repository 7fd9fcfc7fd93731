"""Key screens look as they did: each beside a committed picture, coarsely enough for another machine.

`make look` takes the pictures anew; look at them (tests/web/look) before committing them.
"""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pytest
from PIL import Image, ImageChops
from playwright.async_api import Browser, Page

from tests.web.conftest import PHONE, held_in_hand
from tests.web.steps import register

LOOK: Final = Path(__file__).parent / "look"
FONT: Final = "DejaVu Sans"
"""What Debian's Chromium writes with; another font breaks lines elsewhere."""
SHRUNK: Final = 4
"""Smaller by this factor, edges of letters are the same from one version of a browser to the next."""
MOST_OTHER: Final = 0.01
"""Share of the pixels that may be another shade."""
SHADES: Final = 32
OUTSIDE: Final = {"start": "/", "demo": "/demo", "terms": "/terms"}
INSIDE: Final = {"climbs": "/", "you": "/you", "routes": "/routes", "trash": "/trash"}
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


def written_with() -> str:
    program = shutil.which("fc-match")
    return "" if program is None else subprocess.check_output([program, "sans-serif"], text=True, timeout=20)


def shrunk(png: bytes) -> Image.Image:
    picture = Image.open(BytesIO(png)).convert("L")
    return picture.reduce(picture.width * SHRUNK // PHONE["width"])


def share_other(one: Image.Image, other: Image.Image) -> float:
    """1 where they differ in size."""
    if one.size != other.size:
        return 1.0
    return float(np.mean(np.asarray(ImageChops.difference(one, other)) > SHADES))


async def look(page: Page, name: str, url: str) -> dict[str, float]:
    """The share of other pixels by theme; takes the picture where LOOK_ANEW is set."""
    found: dict[str, float] = {}
    for theme in THEMES:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await page.goto(url, wait_until="networkidle")
        await page.locator("h1").first.wait_for()
        taken = shrunk(await page.screenshot(animations="disabled"))
        path = LOOK / f"{name}-{theme}.png"
        if os.environ.get("LOOK_ANEW"):
            LOOK.mkdir(exist_ok=True)
            taken.save(path, optimize=True)
        found[path.name] = share_other(taken, Image.open(path).convert("L"))
    return found


@pytest.mark.skipif(FONT not in written_with(), reason=f"lines break elsewhere without the font {FONT}")
async def test_key_screens_look_as_they_did(browser: Browser, web_url: str) -> None:
    found: dict[str, float] = {}
    async with held_in_hand(browser) as page:
        for name, path in OUTSIDE.items():
            found |= await look(page, name, f"{web_url}{path}")
        await register(page, web_url)
        for name, path in INSIDE.items():
            found |= await look(page, name, f"{web_url}{path}")
    other = {name: share for name, share in found.items() if share > MOST_OTHER}
    assert not other, f"{other}: look at them; `make look` takes them anew"


def test_another_look_is_seen() -> None:
    was = Image.open(LOOK / "you-light.png").convert("L")
    moved = ImageChops.offset(was, 0, 6)
    assert share_other(was, moved) > MOST_OTHER
    assert share_other(was, was.resize((was.width, was.height - 1))) == 1.0
