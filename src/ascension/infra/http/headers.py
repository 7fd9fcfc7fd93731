"""What every answer tells a browser: whom to trust with what. Why: docs/decisions/0020-http-hardening.md."""

# what no page of ours asks for is switched off, so that a script that got in cannot either
_SWITCHED_OFF = (
    "browsing-topics",
    "display-capture",
    "geolocation",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
# the camera films, the other two tell whether the phone is held level
_OURS = ("accelerometer", "camera", "fullscreen", "gyroscope")
PERMISSIONS = ", ".join((*(f"{name}=(self)" for name in _OURS), *(f"{name}=()" for name in _SWITCHED_OFF)))
HSTS = "max-age=63072000; includeSubDomains"


def safe_headers(storage_origin: str, *, https_only: bool) -> dict[str, str]:
    """For every answer. `https_only`: browsers that came once come over TLS for two years."""
    safe = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Content-Security-Policy": content_security_policy(storage_origin),
    }
    return safe | {"Strict-Transport-Security": HSTS} if https_only else safe


def content_security_policy(storage_origin: str) -> str:
    """Scripts and styles only from us, as files; videos, pictures and uploads also from and to storage.

    blob: plays what is kept on the device.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src 'self' {storage_origin}",
            f"media-src 'self' blob: {storage_origin}",
            f"img-src 'self' data: {storage_origin}",
            "worker-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types ascension-worker",
        )
    )
