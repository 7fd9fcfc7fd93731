"""What goes into an archive: each table that holds something of somebody is here, or on the list below.

`tests/privacy/test_registry.py` compares both with the schema: a new table fails until it is placed.
"""

from dataclasses import dataclass
from typing import Final, LiteralString


@dataclass(frozen=True)
class Listed:
    """One file of rows."""

    file: str
    table: str
    sql: LiteralString


LEFT_OUT: Final = {
    "departures": "an account that is to go cannot ask for an archive",
    "erasures": "an account that is erased cannot ask for an archive",
    "idempotency_keys": "random words of the client, forgotten after a day",
    "recovery_codes": "digests of codes: they would only help whoever finds the archive",
    "upload_completions": "a note to ourselves that an upload is to be looked at, for minutes",
    "video_copies": "made of the videos, which are there as they are stored",
    "video_parts": "digests of the parts of videos, which are there themselves",
    "wordings": "advice in other words, made of the results, which are there",
}
"""Table and why nothing of it is in the archive."""


def listed() -> tuple[Listed, ...]:
    """Files of rows, each with the statement that tells them."""
    return (*_of_the_account(), *_of_climbs(), *_of_routes(), *_shown_to_others(), *_of_use())


def _of_the_account() -> tuple[Listed, ...]:
    return (
        Listed(
            "account.json",
            "users",
            """
            select id, email, display_name, language, units, grades, wants_result_letters, tier, role,
                   created_at, climber
            from users
            where id = %(user_id)s
            """,
        ),
        Listed(
            "consents.json",
            "consents",
            "select document, version, how, at from consents where user_id = %(user_id)s order by at",
        ),
        Listed(
            "guardian.json",
            "guardians",
            """
            select email, language, minor_until, asked_at, confirmed_at, withdrawn_at from guardians
            where user_id = %(user_id)s
            """,
        ),
        Listed(
            "sessions.json",
            "refresh_tokens",
            """
            select family_id as session, device, began_at, created_at as renewed_at, expires_at, revoked_at
            from refresh_tokens where user_id = %(user_id)s order by created_at
            """,
        ),
        Listed(
            "codes.json",
            "totp_factors",
            "select created_at, confirmed_at from totp_factors where user_id = %(user_id)s",
        ),
        Listed(
            "passkeys.json",
            "passkeys",
            "select name, created_at, used_at from passkeys where user_id = %(user_id)s order by created_at",
        ),
    )


def _of_climbs() -> tuple[Listed, ...]:
    return (
        Listed(
            "videos.json",
            "videos",
            """
            select id, file_name, content_type, size_bytes, state, created_at, uploaded_at, saved_at,
                trashed_at
            from videos where user_id = %(user_id)s order by id
            """,
        ),
        Listed(
            "analyses.json",
            "analyses",
            """
            select id, video_id, created_at, completed_at, choices, route, route_id, sends, tags, summary,
                trashed_at
            from analyses where user_id = %(user_id)s order by id
            """,
        ),
        Listed(
            "corrections.json",
            "corrections",
            """
            select c.id, c.analysis_id, c.edits, c.created_at
            from corrections c join analyses a on a.id = c.analysis_id
            where a.user_id = %(user_id)s order by c.id
            """,
        ),
        Listed(
            "comparisons.json",
            "comparisons",
            """
            select id, first_analysis_id, first_attempt, second_analysis_id, second_attempt, result,
                created_at
            from comparisons where user_id = %(user_id)s and not exists (
                select from analyses a
                where a.id in (first_analysis_id, second_analysis_id) and a.user_id <> %(user_id)s)
            order by id
            """,
        ),
    )


def _of_routes() -> tuple[Listed, ...]:
    return (
        Listed(
            "routes.json",
            "routes",
            """
            select id, name, grade, scale, wall, set_on, taken_down_on, created_at
            from routes where user_id = %(user_id)s order by created_at
            """,
        ),
        Listed(
            "tries.json",
            "route_tries",
            """
            select id, route_id, day, tries, is_sent, note, created_at
            from route_tries where user_id = %(user_id)s order by day, created_at
            """,
        ),
        Listed(
            "removedroutes.json",
            "removed_routes",
            """
            select id, name, removed_at, route, tries, climbs
            from removed_routes where user_id = %(user_id)s order by removed_at
            """,
        ),
        Listed(
            "recognitions.json",
            "recognitions",
            """
            select analysis_id, like_analysis_id, is_same_route, confidence, answer, created_at
            from recognitions where user_id = %(user_id)s order by created_at
            """,
        ),
    )


def _shown_to_others() -> tuple[Listed, ...]:
    return (
        Listed(
            "comments.json",
            "comments",
            """
            select analysis_id, at_s, text, created_at, edited_at, deleted_at
            from comments where user_id = %(user_id)s order by id
            """,
        ),
        Listed(
            "shares.json",
            "shares",
            """
            select analysis_id, with_video, is_blurred, with_name, with_comments, views, opened_at,
                created_at, expires_at
            from shares where user_id = %(user_id)s order by created_at
            """,
        ),
        Listed(
            "coaches.json",
            "coach_grants",
            """
            select email, with_past, created_at, accepted_at, seen_at, expires_at
            from coach_grants where user_id = %(user_id)s order by created_at
            """,
        ),
        Listed(
            "coaching.json",
            "coach_grants",
            """
            select u.display_name as climber, g.with_past, g.created_at, g.accepted_at, g.seen_at,
                g.expires_at
            from coach_grants g join users u on u.id = g.user_id
            where g.coach_id = %(user_id)s
                and not exists (select from departures d where d.user_id = g.user_id)
            order by g.created_at
            """,
        ),
    )


def _of_use() -> tuple[Listed, ...]:
    return (
        Listed(
            "subscription.json",
            "subscriptions",
            """
            select state, tier, next_tier, period_end, grace_until, customer_id
            from subscriptions where user_id = %(user_id)s
            """,
        ),
        Listed(
            "plan.json",
            "plan_grants",
            "select tier, reason, granted_at, ends_at from plan_grants where user_id = %(user_id)s",
        ),
        Listed(
            "jobs.json",
            "jobs",
            """
            select kind, subject_id, state, failure_code, created_at, started_at, finished_at
            from jobs where user_id = %(user_id)s order by id
            """,
        ),
        Listed(
            "quota.json",
            "quota_uses",
            "select subject_id, used_at from quota_uses where user_id = %(user_id)s order by used_at",
        ),
        Listed(
            "allowances.json",
            "allowance_uses",
            "select kind, video_id, used_at from allowance_uses where user_id = %(user_id)s order by used_at",
        ),
        Listed(
            "exports.json",
            "exports",
            "select state, asked_at, ready_at, expires_at from exports where user_id = %(user_id)s",
        ),
        Listed(
            "audit.json",
            "audit_log",
            """
            select at, action, subject, details, actor = audit_name('account', %(user_id)s::text) as by_you
            from audit_log
            where actor = audit_name('account', %(user_id)s::text)
                or subject = audit_name('account', %(user_id)s::text)
            order by position
            """,
        ),
    )


README: Final = {
    "en": """\
Everything that your Ascension account holds.

account.json and its neighbors   what is stored of you, by kind; times are UTC; what has a `trashed_at` is
                                 in the trash
videos/                          your clips that are still stored, as they are stored
results/<analysis>.json, .csv    skeleton, angles and center of mass, frame by frame
results/<analysis>.webp          the picture of the wall that is shown with it
results/<analysis>-climb.webp    the small picture of the climb, as long as its clip is stored
not-included.json                what could not be read when this was made, and why (if anything)

Not in here, because it is no use to you or would help whoever finds this file: digests of passwords, codes
and parts of uploads, keys of passkeys. The events of the security log, what you did and what was done with
your account, are in audit.json, where other things stand under a code.
""",
    "fr": """\
Tout ce que contient ton compte Ascension.

account.json et ses voisins      ce qui est gardé de toi, par sorte ; heures en UTC ; ce qui a un `trashed_at`
                                 est dans la corbeille
videos/                          tes clips encore stockés, tels qu’ils sont stockés
results/<numéro>.json, .csv      squelette, angles et barycentre, image par image
results/<numéro>.webp            l’image du mur qui va avec
results/<numéro>-climb.webp      la petite image de l’ascension, tant que son clip est stocké
not-included.json                ce qui n’a pas pu être lu, et pourquoi (s’il y a lieu)

N’y sont pas, parce que cela ne te sert pas ou aiderait qui trouverait ce fichier : les empreintes des mots de
passe, des codes et des parties d’envois, les clés d’accès. Les événements du journal de sécurité sont dans
audit.json, où le reste porte un code.
""",
}
