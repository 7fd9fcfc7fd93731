"""HTML and SVG by construction: what is text is escaped, what is an element was made here."""

from dataclasses import dataclass
from html import escape
from typing import Final

_WITHOUT_END: Final = frozenset({"meta", "img", "br"})


@dataclass(frozen=True)
class Markup:
    """Text that is safe as it is. Only this module and texts of ours make it."""

    text: str


def element(name: str, /, *children: "Markup | str", **attributes: str | float) -> Markup:
    """One element. Attributes: `class_` for class, `stroke_width` for stroke-width."""
    head = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_shown(value))}"' for key, value in attributes.items()
    )
    if name in _WITHOUT_END:
        return Markup(f"<{name}{head}>")
    return Markup(f"<{name}{head}>{joined(*children).text}</{name}>")


def joined(*children: "Markup | str") -> Markup:
    """Elements and texts one after the other."""
    return Markup("".join(one.text if isinstance(one, Markup) else escape(one) for one in children))


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
