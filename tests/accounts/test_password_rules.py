"""Which passwords are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.accounts.passwords import rules
from ascension.errors.accounts import PasswordCommon, PasswordPersonal

MINA = {"email": "mina.climber@example.org", "name": "Mina Climber"}


@pytest.mark.parametrize(
    "password",
    [
        "password2024!!",
        "P@ssw0rd1234",
        "PASSWORDPASSWORD",
        "!!sunshine!!",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "qwertyuiop12",
        "1qaz2wsx3edc",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordCommon):
        rules.check(password, **MINA)


@pytest.mark.parametrize(
    "password",
    [
        "mina.climber@example.org",
        "Mina.Climber2024",
        "climber-mina-7",
        "example.org-mina1",
        "Ascension!!2026",
    ],
)
def test_what_is_made_of_the_account_is_refused(password: str) -> None:
    with pytest.raises(PasswordPersonal):
        rules.check(password, **MINA)


@pytest.mark.parametrize(
    "password",
    [
        "a long sentence works well",
        "correct horse battery",
        "493027184930",
        "mina likes otters and lamps",
        "ça grimpe là-haut",
        "岩 を 登る のが 好き です よ",
    ],
)
def test_long_ones_are_taken_whatever_they_are_made_of(password: str) -> None:
    rules.check(password, **MINA)


@given(st.text(min_size=1, max_size=128), st.text(max_size=80))
def test_any_text_is_judged(password: str, name: str) -> None:
    try:
        rules.check(password, email="a@b.cd", name=name)
    except (PasswordCommon, PasswordPersonal):
        return
    assert password.casefold() not in rules.common_passwords()


def test_the_list_is_the_one_that_was_measured() -> None:
    assert len(rules.common_passwords()) == 49_193
