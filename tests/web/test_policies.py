"""What a script that got into a page could not do. Every other test here fails where a screen needs it."""

import pytest
from playwright.async_api import Browser

from tests.platform import until
from tests.web.conftest import is_forbidden

FOREIGN = "http://127.0.0.1:9/"
ADD = "const it = document.createElement('%s'); %s; document.body.append(it)"
INJECTED = {
    "inline script": ADD % ("script", "it.append('window.got = 1')"),
    "inline handler": ADD % ("b", "it.setAttribute('onclick', 'window.got = 1'); it.click()"),
    "inline style": ADD % ("style", "it.append('*{}')"),
    "markup": "document.body.innerHTML = '<b>x</b>'",
    "foreign script": ADD % ("script", f"it.setAttribute('src', '{FOREIGN}')"),
    "foreign picture": f"new Image().src = '{FOREIGN}'",
    "foreign request": f"fetch('{FOREIGN}').catch(() => 0)",
    "frame": ADD % ("iframe", f"it.src = '{FOREIGN}'"),
    "form": ADD % ("form", f"it.action = '{FOREIGN}'") + "; it.submit()",
}


@pytest.mark.proves("M58")
async def test_what_is_injected_is_forbidden_and_seen(browser: Browser, web_url: str) -> None:
    page, said = await browser.new_page(), list[str]()
    page.on("console", lambda one: said.append(one.text) if is_forbidden(one) else None)
    await page.goto(web_url)
    await page.get_by_test_id("account-email").wait_for()
    assert not said
    for name, script in INJECTED.items():
        before = len(said)
        await page.evaluate(f"() => {{ try {{ {script} }} catch (error) {{ }} }}")
        await until(lambda before=before: len(said) > before)
        assert await page.evaluate("window.got") is None, name
    await page.close()
