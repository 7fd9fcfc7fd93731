"""Where a request comes from, through the real nginx: known proxies are believed, nobody else."""

from pathlib import Path

import httpx2 as httpx
import pytest

from tests.journey.proxy import nginx_before
from tests.platform import Programs

REFRESH = "/api/v1/auth/refresh"
FACTOR = "0.004"  # one refresh a minute


def asks(url: str, source: str, *forwarded: str) -> int:
    """The status of one request from this address of the machine, with these X-Forwarded-For headers."""
    headers = [("X-Forwarded-For", one) for one in forwarded]
    with httpx.Client(transport=httpx.HTTPTransport(local_address=source), timeout=30) as http:
        return http.post(f"{url}{REFRESH}", headers=headers).status_code


@pytest.mark.proves("D08", "M58")
def test_clients_behind_one_proxy_are_apart_and_none_can_pass_for_another(
    programs: Programs, tmp_path: Path
) -> None:
    _, api = programs.api(RATE_LIMIT_FACTOR=FACTOR, TRUSTED_PROXIES="127.0.0.1, 10.9.0.0/16")
    with nginx_before([api], tmp_path) as url:
        assert asks(url, "127.0.0.2") == 401
        assert asks(url, "127.0.0.2") == 429
        assert asks(url, "127.0.0.3") == 401, "another client of the same proxy"
        for said in ("203.0.113.9", "203.0.113.9, 198.51.100.1", "127.0.0.1", "10.9.1.1", "", "x" * 300):
            assert asks(url, "127.0.0.2", said) == 429, said
        assert asks(url, "127.0.0.2", "203.0.113.10", "203.0.113.11") == 429
        assert asks(url, "127.0.0.4", "127.0.0.5") == 401
        assert asks(url, "127.0.0.5") == 401, "nobody was locked out by one who named this address"
    for source, said in (("127.0.0.2", "203.0.113.20"), ("127.0.0.6", "203.0.113.20")):
        asks(api, source, said)  # past the proxy: from where it comes is where it comes from
        assert asks(api, source, "203.0.113.21") == 429
    assert asks(api, "127.0.0.1", "198.51.100.7, 203.0.113.30, 10.9.3.4") == 401, "through two proxies"
    assert asks(api, "127.0.0.1", "198.51.100.8, 203.0.113.30, 10.9.3.4") == 429
    assert asks(api, "127.0.0.1", "2001:db8:7:8::1") == 401
    assert asks(api, "127.0.0.1", "2001:db8:7:8:ffff::2") == 429, "one line of IPv6"
    assert asks(api, "127.0.0.1", "2001:db8:7:9::1") == 401


def test_without_known_proxies_no_header_is_believed(programs: Programs) -> None:
    _, api = programs.api(RATE_LIMIT_FACTOR=FACTOR, FORWARDED_ALLOW_IPS="*")
    assert asks(api, "127.0.0.1", "203.0.113.40") == 401
    assert asks(api, "127.0.0.1", "203.0.113.41") == 429
