"""What subscriptions need of the process; made in `wiring.py`, on `app.state.subscriptions`."""

from dataclasses import dataclass
from datetime import timedelta

from ascension.accounts.mail.service import Post
from ascension.infra.database.primary import Database
from ascension.subscriptions.payments.provider import Provider


@dataclass(frozen=True)
class SubscriptionParts:
    """`provider` is None where plans are not sold. `back_to`: the client's page that it sends people to."""

    database: Database
    post: Post
    provider: Provider | None
    grace: timedelta
    back_to: str
