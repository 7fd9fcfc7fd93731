"""Which passwords are taken: long ones that nobody else tries first. No rule about kinds of characters.

After NIST SP 800-63B: 12 to 128 characters, compared with a list of passwords that were stolen elsewhere, and
with the account's own e-mail and name. Hardly a password of that list has 12 characters, but "password2024!!"
is tried by whoever tries "password": so what is left without digits and signs at either end is compared too,
and what says one such word several times over.
"""

import gzip
from functools import cache
from pathlib import Path

from ascension.errors.accounts import PasswordCommon, PasswordPersonal

MIN_DISTINCT = 5
MIN_PERSONAL_CHARS = 4
MIN_OWN_CHARS = 8
_LIST = Path(__file__).parent / "common.txt.gz"
_SUBSTITUTES = str.maketrans("013457$@!", "oleastsai")


def check(password: str, *, email: str, name: str) -> None:
    """Raises PasswordCommon or PasswordPersonal."""
    plain = password.casefold()
    if len(set(plain)) < MIN_DISTINCT or _is_common(plain):
        raise PasswordCommon
    own = plain
    for word in _personal_words(email, name):
        own = own.replace(word, "")
    if own != plain and len(_core(own)) < MIN_OWN_CHARS:
        raise PasswordPersonal


@cache
def common_passwords() -> frozenset[str]:
    """49,000 of them, in small letters; 5 MB of memory from the first check on."""
    return frozenset(gzip.decompress(_LIST.read_bytes()).decode().split())


def _is_common(plain: str) -> bool:
    core = _core(plain)
    said = {plain, core, _repeated(plain), _repeated(core)}
    said |= {word.translate(_SUBSTITUTES) for word in said}
    return not said.isdisjoint(common_passwords())


def _core(plain: str) -> str:
    """Without the digits and signs that people put before and after a word."""
    letters = [index for index, character in enumerate(plain) if character.isalpha()]
    return plain[letters[0] : letters[-1] + 1] if letters else ""


def _repeated(plain: str) -> str:
    """What a password says several times over; itself, if it says nothing twice."""
    period = (plain + plain).find(plain, 1)
    return plain[:period] if plain else plain


def _personal_words(email: str, name: str) -> list[str]:
    """The longest first, so that an e-mail goes as a whole."""
    local, _, domain = email.casefold().partition("@")
    words = {email.casefold(), local, domain, domain.split(".")[0], "ascension", name.casefold()}
    words |= {*local.replace("_", ".").replace("-", ".").split("."), *name.casefold().split()}
    return sorted((word for word in words if len(word) >= MIN_PERSONAL_CHARS), key=len, reverse=True)
