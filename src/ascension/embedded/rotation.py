"""New secrets for the platform that lives here, with grace for what the former ones signed and sealed.

It must be stopped: engines learn their passwords when they start. The file is written first, with the former
secrets in it, so that whatever ends this in the middle, the platform starts and opens everything. Only one
former account secret is kept: there is no newer one before everything is sealed with the present.
"""

import dataclasses
import secrets as random
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Literal

from ascension.accounts.sealing import AccountKeys
from ascension.audit.entries import COMMAND, PLATFORM, record
from ascension.embedded.layout import Former, Home, Secrets
from ascension.embedded.record import is_held
from ascension.embedded.resealing import Resealed, reseal
from ascension.embedded.stack import Stack
from ascension.errors.base import ApiError
from ascension.errors.setup import SetupError
from ascension.infra.database.primary import Database
from ascension.infra.database.roles import API

Part = Literal["tokens", "accounts", "engines"]
TOKENS_LAST: Final = timedelta(hours=1)
"""Access tokens last a quarter of an hour; the platform has to start as well."""

SECRETS_OF: Final[dict[Part, tuple[str, ...]]] = {
    "tokens": ("jwt",),
    "accounts": ("account",),
    # but for the database's own superuser, whom only the supervisor knows
    "engines": (
        *("postgres_migrate", "postgres_api", "postgres_worker", "valkey_admin", "valkey"),
        *("s3_admin", "s3_api", "s3_worker"),
        *("seaweedfs_volume_jwt", "seaweedfs_filer_jwt", "seaweedfs_filer_read_jwt"),
    ),
}


def require_stopped(home: Home) -> None:
    """Raises SetupError: there is no platform, or it runs."""
    if not home.secrets_file.exists():
        raise SetupError(f"There is no platform at {home.path}: `make up` makes one.")
    if is_held(home):
        raise SetupError("The platform runs: stop it first, with `ascension stop`.")


async def rotate(home: Home, parts: Collection[Part], now: datetime) -> Resealed:
    """Make new secrets, start the engines with them, seal anew, stop.

    Where an earlier run did not come to the end of sealing, this one does, and makes no newer account secret.
    Raises SetupError.
    """
    require_stopped(home)
    home.keep_secrets(*_renewed(home.secrets(), home.former_secrets(), parts, now))
    stack = Stack(home)
    stack.record.doing = "Secrets are being rotated"
    await stack.start(migrating=False)
    try:
        async with Database(
            stack.postgres.url(API), pool_size=1, application="ascension-secrets"
        ) as database:
            resealed = await reseal(database, keys_of(home))
            if "engines" in parts:  # of the others a start sees by itself that they are new
                async with database.transaction() as tx:
                    await record(tx.connection, "key.rotated", COMMAND, PLATFORM, which="engines")
        home.keep_secrets(home.secrets(), dataclasses.replace(home.former_secrets(), account_unsealed=False))
        return resealed
    except ApiError as error:
        raise SetupError(f"{error.detail} Run it again: the new secrets are kept.") from None
    finally:
        await stack.stop()


def _renewed(
    present: Secrets, former: Former, parts: Collection[Part], now: datetime
) -> tuple[Secrets, Former]:
    if former.account_unsealed:
        parts = [part for part in parts if part != "accounts"]
    names = [name for part in parts for name in SECRETS_OF[part]]
    renewed = dataclasses.replace(present, **{name: random.token_hex(24) for name in names})
    if "tokens" in parts:
        former = dataclasses.replace(former, jwt=present.jwt, jwt_until=(now + TOKENS_LAST).isoformat())
    if "accounts" in parts:
        former = dataclasses.replace(former, account=present.account, account_unsealed=True)
    return renewed, former


def forget(home: Home) -> None:
    """Former secrets are good for nothing any more. Raises SetupError."""
    require_stopped(home)
    if home.former_secrets().account_unsealed:
        raise SetupError(
            "Not everything is sealed with the present account secret yet: run `ascension secrets rotate"
            " accounts`, which finishes that."
        )
    home.keep_secrets(home.secrets(), Former())


def keys_of(home: Home) -> AccountKeys:
    return AccountKeys(home.secrets().account, home.former_secrets().account)
