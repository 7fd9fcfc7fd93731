"""The page that phones see first, over plain http: the certificate, how it is trusted, the way on."""

import base64
import hashlib
import html
import re
from pathlib import Path
from string import Template
from typing import Final

from ascension.embedded.lan.authority import Authority
from ascension.embedded.lan.doors import Doors

CERTIFICATE: Final = "ascension-ca.crt"
PAGE: Final = Path(__file__).with_name("page.html")


def page_of(doors: Doors, authority: Authority) -> str:
    """English, then French. It holds no script and nothing that anybody typed."""
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        certificate=CERTIFICATE,
        app_url=html.escape(doors.app_url),
        name=html.escape(authority.name),
        fingerprint=html.escape(authority.fingerprint),
    )


def policy_of(page: str) -> str:
    """Its own styles and links, and nothing else."""
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"
