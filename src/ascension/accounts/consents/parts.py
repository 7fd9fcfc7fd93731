"""What consents need of the process; made in `accounts/wiring.py`, on `app.state.consents`."""

from dataclasses import dataclass

from ascension.infra.settings import PrivacySettings


@dataclass(frozen=True)
class ConsentParts:
    settings: PrivacySettings
    upload_ttl_s: int
    trash_ttl_s: int
    sells_plans: bool
