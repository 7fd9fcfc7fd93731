"""Subscriptions in an API process: made from the environment."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from ascension.accounts.mail.service import Post
from ascension.errors.setup import SetupError
from ascension.infra.database.primary import Database
from ascension.infra.settings import ApiSettings, Environment, PaymentSettings, read
from ascension.plans.tiers import PaidTier
from ascension.subscriptions.parts import SubscriptionParts
from ascension.subscriptions.payments.provider import Provider


@asynccontextmanager
async def open_parts(
    database: Database, post: Post, environment: Environment
) -> AsyncGenerator[SubscriptionParts]:
    """From the environment; connections to the payment service end with the body. Raises SetupError."""
    settings, back_to = read(PaymentSettings), f"{read(ApiSettings).web_origins[0]}/account"
    provider = make_provider(settings, environment)
    try:
        yield SubscriptionParts(
            database, post, provider, timedelta(seconds=settings.payment_grace_s), back_to
        )
    finally:
        if provider is not None:
            await provider.aclose()


def check(settings: PaymentSettings, environment: Environment) -> None:
    """Raises SetupError: payments are on, and something that they need is not set."""
    if settings.payments == "off":
        return
    sold = (settings.stripe_prices_premium, settings.stripe_prices_infinity)
    if not (settings.stripe_api_key.get_secret_value() and _event_secrets(settings) and all(sold)):
        raise SetupError(
            "PAYMENTS=stripe needs STRIPE_API_KEY, STRIPE_EVENT_SECRET, STRIPE_PRICES_PREMIUM and "
            "STRIPE_PRICES_INFINITY: see docs/guides/plans.md."
        )
    if environment in ("staging", "production") and not settings.stripe_url.startswith("https://"):
        raise SetupError("STRIPE_URL must begin with https:// in staging and production.")


def make_provider(settings: PaymentSettings, environment: Environment) -> Provider | None:
    """To be closed by the caller. None: payments are off. Raises SetupError."""
    check(settings, environment)
    if settings.payments == "off":
        return None
    # 7 MB, for those who sell
    from ascension.subscriptions.payments.stripe import Stripe, StripeKeys  # noqa: PLC0415

    keys = StripeKeys(settings.stripe_api_key.get_secret_value(), _event_secrets(settings))
    sold: dict[PaidTier, tuple[str, ...]] = {
        "premium": settings.stripe_prices_premium,
        "infinity": settings.stripe_prices_infinity,
    }
    return Stripe(keys, sold, address=settings.stripe_url, timeout_s=settings.stripe_timeout_s)


def _event_secrets(settings: PaymentSettings) -> tuple[str, ...]:
    secrets = (settings.stripe_event_secret, settings.stripe_event_secret_previous)
    return tuple(found for secret in secrets if (found := secret.get_secret_value()))
