"""Every table that holds something of somebody is in the archive or has its reason, and is in the guide."""

import re

from pydantic_settings import BaseSettings

from ascension.accounts.idempotency import KEY_TTL_S
from ascension.accounts.invitations.service import INVITATION_TTL_S
from ascension.accounts.mail.service import FORGOTTEN_AFTER_S
from ascension.accounts.registrations.service import REGISTRATION_TTL_S
from ascension.exports.contents import LEFT_OUT, listed
from ascension.infra.settings import PrivacySettings, RetentionSettings, TokenSettings, UploadSettings
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
# Digests, keys and what we note for our own work: of no use to their owner, or of use to a thief.
NOT_TOLD = {
    "users": {"operator", "password_hash"},
    "consents": {"id"},
    "refresh_tokens": {"successor_hash", "rotated_at", "token_hash"},
    "totp_factors": {"last_step", "sealed_secret"},
    "passkeys": {"sign_count", "credential_id", "id", "public_key"},
    "videos": {
        *("object_key", "part_size_bytes", "s3_upload_id", "move_id", "move_until", "expires_at"),
        *("cleaned_at", "archive_state", "archive_checked_at", "restore_ready_by", "restored_until"),
    },
    # the result is there in files of its own
    "analyses": {
        *("result", "result_sha256", "original_result", "original_summary", "with_profile"),
        *("job_id", "derivation_job_id", "wall_object_key", "covered_wall_object_key", "letter_due"),
        *("thumbnail_width_px", "thumbnail_height_px"),
    },
    "comparisons": {"first_sha256", "second_sha256", "job_id"},
    "recognitions": {"id", "job_id"},
    "routes": {"name_key"},
    "comments": {"deleted_by"},
    "shares": {"id", "password_hash", "sealed_token", "token_hash"},
    "subscriptions": {
        *("applied", "asked", "checkout_at", "checkout_id", "language", "lapsed_at", "next_read_at"),
    },
    "jobs": {
        *("admitted", "attempt", "cancel_requested", "claim_id", "crashes", "deliver_after", "delivered_at"),
        *("failure_detail", "interruptions", "lease_until", "progress_pct", "request_id", "stage", "tier"),
        *("timings", "worker_id"),
    },
    "allowance_uses": {"id"},
    "exports": {
        *("attempts", "claim_id", "done_bytes", "id", "language", "lease_until"),
        *("s3_upload_id", "total_bytes"),
    },
    "audit_log": {"hash", "id", "prev_hash"},
}
# They hold nothing of people.
OF_NOBODY = {"audit_cuts", "audit_key", "payment_events", "workers"}


def test_each_table_with_an_owner_is_in_the_archive_or_has_its_reason() -> None:
    schema = read_schema(SCHEMA.read_text())
    files = [one.file for one in listed()]
    assert len(files) == len(set(files)), "once is enough"
    told = {one.table for one in listed()}
    assert not told & LEFT_OUT.keys()
    assert told | LEFT_OUT.keys() == schema.owned | ALSO
    assert schema.columns.keys() == schema.owned | ALSO | BEFORE_OR_BRIEF | OF_NOBODY


def test_each_column_is_in_the_archive_or_on_the_list_here() -> None:
    schema = read_schema(SCHEMA.read_text())
    for table in {one.table for one in listed()}:
        told = " ".join(one.sql for one in listed() if one.table == table)
        left_out = {column for column in schema.columns[table] if not re.search(rf"\b{column}\b", told)}
        assert left_out == NOT_TOLD.get(table, set()), table


def test_whoever_a_row_names_finds_it_in_the_archive() -> None:
    named = re.findall(
        r"ALTER TABLE ONLY public\.(\w+)\n[^;]*FOREIGN KEY \((\w+)\) REFERENCES public\.users\(",
        SCHEMA.read_text(),
    )
    assert ("coach_grants", "coach_id") in named
    for table, column in named:
        told = any(
            one.table == table and re.search(rf"\b{column} = %\(user_id\)s", one.sql) for one in listed()
        )
        assert told or table in LEFT_OUT or column in NOT_TOLD.get(table, set()), f"{table}.{column}"


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
        "wordings": f"{default(RetentionSettings, 'trash_ttl_s') // days} days",
        "video_parts": f"{default(UploadSettings, 'upload_ttl_s') // hours} hours",
        "upload_completions": f"after {UNSAVED_DAYS} day",
        "idempotency_keys": f"{KEY_TTL_S // hours} hours",
        "exports": f"{EXPORT_DAYS} days",
        "erasures": f"{KEEP_FINISHED_DAYS} days",
    }.items():
        assert told in row(table), table


def default(settings: type[BaseSettings], name: str) -> int:
    return int(settings.model_fields[name].default)
