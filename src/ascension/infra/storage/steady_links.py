"""Links to pictures that stay the same for a while: a browser that has fetched one does not fetch it again.

The library signs with the second in which it is asked, so that each answer names another address; and it
takes over a millisecond, which a list pays for each of its rows. Signed here as AWS describes for query
strings (Signature Version 4); `tests/infra/test_steady_links.py` compares with the library.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

STEADY_S: Final = 30 * 60
LEAST_TTL_S: Final = 3600
"""A link that is given out works for at least so long, and for at most `STEADY_S` longer."""
_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class SteadyLinks:
    """To objects of one bucket."""

    endpoint: str
    region: str
    bucket: str
    key_id: str
    secret: str

    def to(self, key: str, now: datetime | None = None) -> str:
        """To read an object; browsers may keep it as long as the link is the same."""
        at_s = (now or datetime.now(UTC)).timestamp()
        signed_at = datetime.fromtimestamp(at_s - at_s % STEADY_S, UTC)
        return self._sign(key, f"{signed_at:%Y%m%dT%H%M%SZ}")

    def _sign(self, key: str, signed_at: str) -> str:
        day = signed_at[:8]
        scope = f"{day}/{self.region}/s3/aws4_request"
        base = urlsplit(self.endpoint)
        path = quote(f"{base.path}/{self.bucket}/{key}")
        query = _query(f"{self.key_id}/{scope}", signed_at)
        asked = "\n".join(["GET", path, query, f"host:{base.netloc}", "", "host", "UNSIGNED-PAYLOAD"])
        text = "\n".join([_ALGORITHM, signed_at, scope, hashlib.sha256(asked.encode()).hexdigest()])
        signature = _keyed(_day_key(self.secret, day, self.region), text).hex()
        return f"{base.scheme}://{base.netloc}{path}?{query}&X-Amz-Signature={signature}"


@lru_cache(maxsize=4)
def _query(credential: str, signed_at: str) -> str:
    """In the order of its names, as it is signed."""
    query = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": credential,
        "X-Amz-Date": signed_at,
        "X-Amz-Expires": str(LEAST_TTL_S + STEADY_S),
        "X-Amz-SignedHeaders": "host",
        "response-cache-control": f"private, max-age={STEADY_S}",
        "response-content-disposition": "attachment",
    }
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(query.items()))


@lru_cache(maxsize=4)
def _day_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _keyed(key, part)
    return key


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)
