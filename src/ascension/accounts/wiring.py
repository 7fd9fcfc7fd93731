"""What accounts need of an API process: made from the environment, kept on the application's state."""

import math
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.datastructures import State

from ascension.accounts import composing, idempotency, service
from ascension.accounts import endpoints as own
from ascension.accounts.consents import endpoints as consents
from ascension.accounts.consents.parts import ConsentParts
from ascension.accounts.factors import endpoints as factors
from ascension.accounts.guardians import endpoints as guardians
from ascension.accounts.guardians import queries as guardian_queries
from ascension.accounts.invitations import service as invitations
from ascension.accounts.lockout import Lockout
from ascension.accounts.mail import mailbox, sending
from ascension.accounts.mail import service as mail
from ascension.accounts.mail.sending import MailServer, Sending
from ascension.accounts.mail.service import Post
from ascension.accounts.parts import AccountParts, RelyingParty
from ascension.accounts.passwords import endpoints as passwords
from ascension.accounts.registrations import endpoints as registrations
from ascension.accounts.registrations import service as registration_service
from ascension.accounts.registrations.parts import RegistrationParts
from ascension.accounts.sealing import AccountKeys
from ascension.accounts.sessions import endpoints as logins
from ascension.accounts.sessions import service as sessions
from ascension.accounts.sessions.ended import Announce, EndedSessions
from ascension.errors.setup import SetupError
from ascension.infra.background import repeat
from ascension.infra.database.primary import Database
from ascension.infra.database.replica import Replica
from ascension.infra.security import FormerKey, PasswordHasher, TokenIssuer
from ascension.infra.settings import (
    ApiSettings,
    Environment,
    MailSettings,
    PaymentSettings,
    PlanSettings,
    PrivacySettings,
    RetentionSettings,
    SignUpSettings,
    TokenSettings,
    UploadSettings,
    read,
    refuse_weak_secret,
)
from ascension.infra.streams import Streams
from ascension.plans.rights import Plans


def routers(environment: Environment) -> tuple[APIRouter, ...]:
    """The endpoints, and in development the page that shows the letters."""
    nouns = (own, registrations, passwords, logins, factors, consents, guardians)
    always = tuple(noun.router for noun in nouns)
    if environment == "development" and (mails := read(MailSettings).mails_folder) is not None:
        return (*always, mailbox.router_of(mails))
    return always


def refuse_unusable(environment: Environment) -> None:
    """Tell of what cannot work before the process serves. Raises SetupError."""
    settings = read(TokenSettings)
    needed = {"JWT_SECRET": settings.jwt_secret, "ACCOUNT_SECRET": settings.account_secret}
    former = {
        "JWT_SECRET_PREVIOUS": settings.jwt_secret_previous,
        "ACCOUNT_SECRET_PREVIOUS": settings.account_secret_previous,
    }
    needed |= {name: secret for name, secret in former.items() if secret.get_secret_value()}
    for name, secret in needed.items():
        refuse_weak_secret(environment, name, secret.get_secret_value())
    _mail_server(environment)


def put_parts(
    state: State,
    environment: Environment,
    *,
    database: Database,
    replica: Replica | None,
    streams: Streams,
    announce: Announce,
) -> None:
    """Each folder finds what it needs under its name. Raises SetupError.

    announce: tells other replicas which sessions of a user ended.
    """
    settings, served = read(TokenSettings), read(ApiSettings)
    web_origins = served.web_origins
    is_public = environment in ("staging", "production")
    keys, tokens = _account_keys(settings), _issuer_of(settings)
    state.mail_server = _mail_server(environment)
    state.ended = EndedSessions(database, tokens, announce)
    state.accounts = AccountParts(
        database=database,
        replica=replica,
        streams=streams,
        plans=Plans.of(read(PlanSettings)),
        hasher=PasswordHasher(),
        tokens=tokens,
        keys=keys,
        lockout=Lockout(streams, keys),
        post=Post(is_on=state.mail_server is not None),
        relying_party=_relying_party(settings, web_origins),
        close_sockets=state.ended.tell,
        refresh_ttl_s=settings.refresh_token_ttl_s,
        secure_cookie=is_public if served.secure_cookies is None else served.secure_cookies,
        web_origins=web_origins,
    )
    sign_up, privacy = read(SignUpSettings), read(PrivacySettings)
    state.registrations = RegistrationParts(
        sign_up=sign_up.sign_up,
        must_confirm=_must_confirm(sign_up, environment),
        consent_age=privacy.digital_consent_age,
        grace_days=privacy.account_grace_days,
    )
    sells_plans = read(PaymentSettings).payments != "off"
    state.consents = ConsentParts(
        privacy, read(UploadSettings).upload_ttl_s, read(RetentionSettings).trash_ttl_s, sells_plans
    )


def _issuer_of(settings: TokenSettings) -> TokenIssuer:
    previous, until = settings.jwt_secret_previous.get_secret_value(), settings.jwt_secret_previous_until
    former = FormerKey(previous, until.timestamp() if until else math.inf) if previous else None
    return TokenIssuer(settings.jwt_secret.get_secret_value(), settings.access_token_ttl_s, former)


def _account_keys(settings: TokenSettings) -> AccountKeys:
    return AccountKeys(
        settings.account_secret.get_secret_value(), settings.account_secret_previous.get_secret_value()
    )


def _relying_party(settings: TokenSettings, web_origins: tuple[str, ...]) -> RelyingParty:
    """Passkeys are bound to a domain: the configured one, else the first page's."""
    first = urlsplit(web_origins[0]).hostname if web_origins else None
    return RelyingParty(settings.passkey_domain or first or "localhost", web_origins)


def _must_confirm(settings: SignUpSettings, environment: Environment) -> bool:
    default = "required" if environment in ("staging", "production") else "off"
    return (settings.email_verification or default) == "required"


def _mail_server(environment: Environment) -> MailServer | None:
    """None: none is set. Raises SetupError where accounts cannot be made without one."""
    settings, sign_up = read(MailSettings), read(SignUpSettings)
    if url := settings.smtp_url.get_secret_value():
        must_encrypt = environment in ("staging", "production")
        return MailServer.of(
            url, settings.mail_from, timeout_s=settings.mail_timeout_s, must_encrypt=must_encrypt
        )
    if _must_confirm(sign_up, environment) or sign_up.sign_up == "invitation":
        raise SetupError(
            "Accounts are made by letter here: set SMTP_URL and MAIL_FROM, or EMAIL_VERIFICATION=off with "
            "SIGN_UP=open or closed."
        )
    return None


def loops(state: State, *, housekeeping_s: float) -> dict[str, Callable[[], Awaitable[None]]]:
    """What runs beside the requests, by name."""
    parts: AccountParts = state.accounts
    running: dict[str, Callable[[], Awaitable[None]]] = {
        "housekeeping": partial(
            repeat, {"housekeeping": partial(_keep_house, parts.database)}, every_s=housekeeping_s
        ),
        "ended sessions": state.ended.run,
    }
    if state.mail_server is not None:
        running["letters"] = partial(sending.run, _letters(state))
    return running


def _letters(state: State) -> Sending:
    settings, parts = read(MailSettings), state.accounts
    return Sending(
        parts.database,
        parts.post,
        state.mail_server,
        partial(composing.compose, web_origin=parts.web_origins[0]),
        poll_s=settings.mail_poll_s,
        retry_s=settings.mail_retry_s,
    )


async def _keep_house(database: Database) -> None:
    """Forget old tokens and keys: any replica may do it."""
    async with database.transaction() as tx:
        await service.sweep(tx, idempotency.KEY_TTL_S)
        await sessions.sweep(tx)
        await registration_service.sweep(tx)
        await invitations.sweep(tx)
        await guardian_queries.forget_grown(tx.connection)
        await mail.sweep(tx)
