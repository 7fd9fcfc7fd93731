"""How endpoints get at what subscriptions need."""

from typing import Annotated

from ascension.infra.http.parts import kept
from ascension.subscriptions.parts import SubscriptionParts

SubscriptionPartsDep = Annotated[SubscriptionParts, kept("subscriptions")]
