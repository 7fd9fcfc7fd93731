"""What counts as one address."""

import ipaddress
from functools import lru_cache

CUSTOMER_BITS = 64  # an IPv6 line has at least so many addresses to choose from


@lru_cache(maxsize=4096)
def address_block(address: str) -> str:
    """What one customer has: one address of IPv4, 64 bits of IPv6. What is no address is one and the same."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), CUSTOMER_BITS), strict=False))
