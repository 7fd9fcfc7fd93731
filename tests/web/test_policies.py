"""What a script that got into a page could not do. Every other test here fails where a screen needs it."""

import pytest
from playwright.async_api import Browser, Page, Request

from tests.platform import until
from tests.web.conftest import is_forbidden
from tests.web.steps import register

FOREIGN = "http://127.0.0.1:9/"  # another site than localhost
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


@pytest.mark.proves("M58")
async def test_a_foreign_page_neither_uses_nor_ends_a_session(page: Page, web_url: str) -> None:
    await register(page, web_url)
    other = await page.context.new_page()
    await other.route(
        FOREIGN, lambda route: route.fulfill(body="<p>win a rope</p>", content_type="text/html")
    )
    asked: list[Request] = []
    other.on("request", lambda request: asked.append(request) if "/auth/" in request.url else None)
    await other.goto(FOREIGN)
    for path in ("refresh", "logout", "logout-everywhere"):
        told = await other.evaluate(
            """async (url) => {
                try { return await (await fetch(url, { method: "POST", credentials: "include" })).text(); }
                catch (error) { return "unread"; }
            }""",
            f"{web_url}/api/v1/auth/{path}",
        )
        assert told == "unread", "no CORS header lets it read"
        async with other.expect_navigation():  # as a form, which asks no CORS
            await other.evaluate(
                """(url) => {
                    const form = document.createElement("form");
                    Object.assign(form, { method: "post", action: url });
                    document.body.append(form);
                    form.submit();
                }""",
                f"{web_url}/api/v1/auth/{path}",
            )
        await other.goto(FOREIGN)
    assert len(asked) >= 6
    for request in asked:
        assert "ascension_refresh" not in (await request.all_headers()).get("cookie", ""), request.url
        answer = await request.response()
        assert answer is None or answer.status in (401, 403), request.url
    await other.close()
    await page.reload()
    await page.get_by_test_id("account-menu").wait_for()
