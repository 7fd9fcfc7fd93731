"""What making accounts needs of the process; made in `accounts/wiring.py`, on `app.state.registrations`."""

from dataclasses import dataclass

from ascension.accounts.registrations.service import SignUp


@dataclass(frozen=True)
class RegistrationParts:
    sign_up: SignUp
    must_confirm: bool
    """No account before its e-mail is confirmed."""
    consent_age: int
    """Who is younger needs a guardian."""
    grace_days: int
    """How long an account that is to be deleted can be kept."""
