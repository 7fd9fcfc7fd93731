"""What a session runs on, in words its owner knows. The words are kept, the User-Agent is not."""

import ua_parser

MAX_READ_CHARS = 512
MAX_CHARS = 80

ua_parser.parse("")  # its tables are built at the first call: 0.1 s, when the process starts


def device_name(user_agent: str | None) -> str | None:
    """Browser and system, as "Firefox, Android"; None where neither is known."""
    found = ua_parser.parse((user_agent or "")[:MAX_READ_CHARS])
    parts = (found.user_agent, found.os)
    return ", ".join(part.family for part in parts if part is not None)[:MAX_CHARS] or None
