"""What somebody agrees to when they make an account: kept as one until the account is there."""

from datetime import UTC, date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from ascension.accounts.choices import Language
from ascension.accounts.consents import service
from ascension.accounts.guardians import queries as guardians
from ascension.accounts.guardians.service import minor_until
from ascension.accounts.mail.service import Post
from ascension.accounts.schemas import Acceptance, GuardianWish
from ascension.audit.entries import account, record
from ascension.errors.privacy import GuardianUnfit, MinorsNeedLetters
from ascension.infra.database.primary import Transaction


class Agreement(BaseModel):
    """`guardian_email` and `minor_until`: of somebody too young to agree alone."""

    model_config = ConfigDict(frozen=True)

    terms: str
    privacy: str
    language: Language
    guardian_email: str | None = None
    minor_until: date | None = None


def agreed(
    accepted: Acceptance,
    guardian: GuardianWish | None,
    *,
    email: str,
    language: Language,
    consent_age: int,
    sends_letters: bool,
) -> Agreement:
    """What was sent, once it holds. A guardian of somebody old enough is forgotten here.

    Raises:
        ConsentOutdated: not the versions in force. GuardianUnfit: nobody is their own guardian.
        MinorsNeedLetters: no guardian can be asked here.
    """
    service.check_current(accepted)
    plain = Agreement(terms=accepted.terms, privacy=accepted.privacy, language=language)
    if guardian is None:
        return plain
    until = minor_until(guardian.born_year, guardian.born_month, consent_age)
    if until <= datetime.now(UTC).date():
        return plain
    if not sends_letters:
        raise MinorsNeedLetters
    if guardian.email == email:
        raise GuardianUnfit
    return plain.model_copy(update={"guardian_email": guardian.email, "minor_until": until})


async def keep(tx: Transaction, post: Post, user_id: UUID, agreement: Agreement) -> None:
    """Write it down for the account that was just made; its guardian, if it needs one, gets a letter."""
    accepted = Acceptance(terms=agreement.terms, privacy=agreement.privacy)
    await service.write(tx, user_id, accepted, how="registration")
    if agreement.guardian_email is None or agreement.minor_until is None:
        return
    await guardians.insert(
        tx.connection,
        user_id,
        email=agreement.guardian_email,
        until=agreement.minor_until,
        language=agreement.language,
    )
    await post.put(
        tx,
        "guardian_asked",
        recipient=agreement.guardian_email,
        language=agreement.language,
        subject_id=user_id,
    )
    await record(tx.connection, "guardian.asked", account(user_id))
