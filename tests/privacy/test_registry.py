"""Every table that holds something of somebody is in the archive or has its reason, and is in the guide."""

import re

from pydantic_settings import BaseSettings

from ascension.accounts.idempotency import KEY_TTL_S
from ascension.accounts.invitations.service import INVITATION_TTL_S
from ascension.accounts.mail.service import FORGOTTEN_AFTER_S
from ascension.accounts.registrations.service import REGISTRATION_TTL_S
from ascension.exports.contents import LEFT_OUT, listed
from ascension.infra.settings import PrivacySettings, TokenSettings, UploadSettings
from ascension.infra.storage.lifetimes import EXPORT_DAYS, UNSAVED_DAYS
from ascension.retention.departing import GUARDIAN_ANSWERS_WITHIN_DAYS
from ascension.retention.service import KEEP_FINISHED_DAYS
from tests.house.ownership import read_schema
from tests.migrations.schema import SCHEMA
from tests.platform import ROOT

# Tables without an owner column that tell of people all the same: who they are about is in another way known.
ALSO = {"audit_log"}
# Of nobody who has an account, or no longer than hours: not in an archive, but in the guide.
BEFORE_OR_BRIEF = {
    "registrations",
    "invitations",
    "letters",
    "letter_tokens",
    "object_deletions",
    "payment_closures",
}
# They hold nothing of people.
OF_NOBODY = {"audit_cuts", "audit_key", "payment_events", "workers"}


def test_each_table_with_an_owner_is_in_the_archive_or_has_its_reason() -> None:
    schema = read_schema(SCHEMA.read_text())
    placed = [*(one.table for one in listed()), *LEFT_OUT]
    assert len(placed) == len(set(placed)), "once is enough"
    assert set(placed) == schema.owned | ALSO
    assert schema.columns.keys() == schema.owned | ALSO | BEFORE_OR_BRIEF | OF_NOBODY


def test_files_of_the_archive_tell_of_their_table_and_of_one_user() -> None:
    for one in listed():
        assert re.search(rf"\bfrom {one.table}\b", one.sql), one.file
        assert "%(user_id)s" in one.sql, one.file
        assert re.fullmatch(r"[a-z]+\.json", one.file)


def test_the_guide_has_a_row_for_each_table_with_personal_data() -> None:
    schema = read_schema(SCHEMA.read_text())
    guide = (ROOT / "docs" / "privacy.md").read_text()
    told = set(re.findall(r"`(\w+)`", guide))
    assert (schema.owned | ALSO | BEFORE_OR_BRIEF) <= told


def test_the_guide_tells_the_times_that_the_product_works_with() -> None:
    guide = (ROOT / "docs" / "privacy.md").read_text()

    def row(table: str) -> str:
        return next(line for line in guide.splitlines() if line.startswith("|") and f"`{table}`" in line)

    hours, days = 3600, 24 * 3600
    for table, told in {
        "registrations": f"{REGISTRATION_TTL_S // hours} hours",
        "invitations": f"{INVITATION_TTL_S // days} days",
        "refresh_tokens": f"{default(TokenSettings, 'refresh_token_ttl_s') // days} days",
        "letters": f"{FORGOTTEN_AFTER_S // hours} hours",
        "guardians": f"{GUARDIAN_ANSWERS_WITHIN_DAYS} days",
        "departures": f"{default(PrivacySettings, 'account_grace_s') // days} days",
        "video_parts": f"{default(UploadSettings, 'upload_ttl_s') // hours} hours",
        "upload_completions": f"after {UNSAVED_DAYS} day",
        "idempotency_keys": f"{KEY_TTL_S // hours} hours",
        "exports": f"{EXPORT_DAYS} days",
        "erasures": f"{KEEP_FINISHED_DAYS} days",
    }.items():
        assert told in row(table), table


def default(settings: type[BaseSettings], name: str) -> int:
    return int(settings.model_fields[name].default)
