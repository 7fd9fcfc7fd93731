"""A database of some size: a year of a small platform, in one statement or two a table."""

from typing import LiteralString

import psycopg

# Every 50th analysis belongs to the one user; of the jobs, the last 1,000 wait, the 20 before them run.
_FILL: tuple[LiteralString, ...] = (
    """
    insert into users (id, email, display_name, password_hash)
    select md5('user' || i)::uuid, 'user' || i || '@example.org', 'Somebody', 'x'
    from generate_series(1, %(users)s) i
    """,
    """
    create temporary table filling as
    select i, lpad(to_hex(i), 32, '0')::uuid as id,
           case when i %% 50 = 0 then %(one)s::uuid
                else md5('user' || (i %% %(users)s + 1))::uuid end as user_id,
           case when i %% 50 = 0 then 'done'
                when i > %(analyses)s - 1000 then 'queued' when i > %(analyses)s - 1020 then 'processing'
                when i %% 200 = 0 then 'failed' when i %% 2000 = 1 then 'dead' else 'done' end as state,
           now() - make_interval(mins => (%(analyses)s - i) * 5) as at
    from generate_series(1, %(analyses)s) i
    """,
    """
    insert into videos (id, user_id, state, file_name, content_type, size_bytes, part_size_bytes, object_key,
                        s3_upload_id, created_at, uploaded_at, expires_at)
    select id, user_id, case when at < now() - interval '1 day' then 'expired' else 'uploaded' end,
           'climb.mp4', 'video/mp4', 20000000, 8388608, 'uploads/' || id, '', at, at, at + interval '1 day'
    from filling
    """,
    """
    insert into video_parts (video_id, part_number, sha256)
    select id, part, sha256('x') from filling, generate_series(1, 3) part where i %% 5 = 0
    """,
    """
    insert into jobs (id, kind, subject_id, user_id, tier, state, admitted, deliver_after, attempt,
                      lease_until, created_at, started_at, finished_at)
    select id, case when state = 'done' then 'analysis' else 'rehearsal' end, id, user_id,
           (array['free', 'free', 'premium', 'infinity'])[i %% 4 + 1], state,
           i %% 30 <> 0 or state <> 'queued', now() + interval '1 day', 1,
           case when state = 'processing' then now() + interval '1 hour' end, at,
           case when state <> 'queued' then at end,
           case when state not in ('queued', 'processing') then at + interval '1 minute' end
    from filling
    """,
    """
    insert into analyses (id, user_id, video_id, job_id, created_at, completed_at, result, result_sha256,
                          summary)
    select id, user_id, id, id, at, at, case when state = 'done' then '\\x00'::bytea end,
           case when state = 'done' then sha256('x') end,
           case when state = 'done' then %(summary)s::jsonb end
    from filling
    """,
    """
    insert into quota_uses (subject_id, user_id, used_at)
    select id, user_id, case when user_id = %(one)s then at - interval '32 days' else at end from filling
    """,
    """
    insert into allowance_uses (user_id, video_id, kind, used_at)
    select user_id, id, 'hopeless_run', case when user_id = %(one)s then at - interval '32 days' else at end
    from filling
    """,
    """
    insert into refresh_tokens (token_hash, family_id, user_id, created_at, expires_at)
    select sha256(id::text::bytea), id, user_id, at, at + interval '2 years' from filling where i %% 2 = 0
    """,
    """
    insert into idempotency_keys (user_id, key, request_hash, resource_id)
    select user_id, id::text, '', id from filling where i %% 4 = 0
    """,
    """
    insert into corrections (id, analysis_id, edits) select id, id, '[]' from filling where i %% 100 = 0
    """,
    """
    insert into wordings (analysis_id, language, model, sentences)
    select id, 'fr', 'a model', '{}' from filling where i %% 100 = 0
    """,
    """
    insert into jobs (id, kind, subject_id, user_id, tier, state)
    select md5('comparison' || i)::uuid, 'comparison', md5('comparison' || i)::uuid, user_id, 'free', 'done'
    from filling where i %% 100 = 0
    """,
    """
    insert into comparisons (id, user_id, job_id, first_analysis_id, first_attempt, second_analysis_id,
                             second_attempt)
    select md5('comparison' || i)::uuid, user_id, md5('comparison' || i)::uuid, id, 1, id, 2
    from filling where i %% 100 = 0
    """,
    """
    insert into routes (id, user_id, name)
    select md5('route' || i)::uuid, user_id, 'Route ' || i from filling where i %% 100 = 0
    """,
    """
    update analyses a set route_id = r.id, route = r.name
    from filling f join routes r on r.id = md5('route' || f.i / 100 * 100)::uuid
    where a.id = f.id and a.user_id = r.user_id
    """,
    """
    insert into route_tries (id, user_id, route_id, day, tries, is_sent)
    select id, user_id, md5('route' || i)::uuid, '2026-11-20', 2, false from filling where i %% 100 = 0
    """,
    """
    insert into removed_routes (id, user_id, name, removed_at, route, tries, climbs)
    select md5('removed' || i)::uuid, user_id, 'Gone ' || i, at, '{}', '[]', '{}'
    from filling where i %% 100 = 0
    """,
    """
    insert into jobs (id, kind, subject_id, user_id, tier, state)
    select md5('recognition' || i)::uuid, 'recognition', md5('recognition' || i)::uuid, user_id,
        'free', 'done'
    from filling where i %% 100 = 0
    """,
    """
    insert into recognitions (id, analysis_id, user_id, job_id)
    select md5('recognition' || i)::uuid, id, user_id, md5('recognition' || i)::uuid
    from filling where i %% 100 = 0
    """,
    """
    insert into jobs (id, kind, subject_id, user_id, tier, state)
    select md5('copy' || i)::uuid, 'copy', md5('copy' || i)::uuid, user_id, 'free', 'done'
    from filling where i %% 20 = 0
    """,
    """
    insert into video_copies (id, user_id, video_id, job_id, purpose, made_at)
    select md5('copy' || i)::uuid, user_id, id, md5('copy' || i)::uuid,
           (array['saved', 'shared', 'blurred', 'preview'])[i / 20 %% 4 + 1], at
    from filling where i %% 20 = 0
    """,
    """
    insert into upload_completions (video_id) select id from filling where i %% 100 = 0
    """,
    """
    insert into erasures (id, user_id) select id, id from filling where i %% 100 = 0
    """,
    """
    insert into workers (id, version, slots, running) select 'worker' || i, '0.1.0', 4, 0
    from filling where i %% 1000 = 0
    """,
    """
    insert into registrations (id, email, display_name, password_hash, idempotency_key, expires_at)
    select id, 'wish' || i || '@example.org', 'Somebody', 'x', id::text, now() + interval '1 day'
    from filling where i %% 10 = 0
    """,
    """
    insert into invitations (id, email, expires_at)
    select id, 'guest' || i || '@example.org', now() + interval '1 day' from filling where i %% 100 = 0
    """,
    """
    insert into letters (id, kind, recipient, language, due_at, outcome, settled_at)
    select id, 'password_reset', 'user' || i || '@example.org', 'en', at, 'sent', now()
    from filling where i %% 10 = 0
    """,
    """
    insert into letter_tokens (token_hash, purpose, subject_id, expires_at)
    select sha256(id::text::bytea), 'password_reset', user_id, now() + interval '1 hour'
    from filling where i %% 10 = 0
    """,
    """
    insert into totp_factors (user_id, sealed_secret, confirmed_at)
    select md5('user' || i)::uuid, '\\x00', now() from generate_series(1, %(users)s) i
    """,
    """
    insert into recovery_codes (user_id, code_hash)
    select md5('user' || i)::uuid, sha256(code::text::bytea)
    from generate_series(1, %(users)s) i, generate_series(1, 10) code
    """,
    """
    insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
    select id, md5('user' || (i %% %(users)s + 1))::uuid, sha256(id::text::bytea), '', 0, 'A phone'
    from filling where i %% 10 = 0
    """,
    """
    insert into consents (user_id, document, version, how)
    select md5('user' || i)::uuid, document, '2026-11-22', 'registration'
    from generate_series(1, %(users)s) i, unnest(array['terms', 'privacy']) document
    """,
    """
    insert into guardians (user_id, email, minor_until, language)
    select md5('user' || i)::uuid, 'parent' || i || '@example.org', current_date + 1 + i %% 3000, 'en'
    from generate_series(1, %(users)s) i
    """,
    """
    insert into exports (id, user_id, state, language, asked_at, expires_at)
    select id, user_id, 'removed', 'en', at, now() + interval '1 day' from filling where i %% 10 = 0
    """,
    """
    insert into departures (user_id, erase_at, language)
    select md5('user' || i)::uuid, now() + make_interval(mins => i), 'en' from generate_series(1, %(users)s) i
    """,
    """
    insert into shares (id, user_id, analysis_id, token_hash, sealed_token, expires_at)
    select id, user_id, id, sha256(id::text::bytea), '', now() + interval '30 days'
    from filling where i %% 20 = 0
    """,
    """
    insert into coach_grants (id, user_id, coach_id, email, with_past, expires_at, accepted_at)
    select md5('grant' || i)::uuid, md5('user' || i)::uuid, md5('user' || (i %% %(users)s + 1))::uuid,
           'coach' || i || '@example.org', true, now(), now()
    from generate_series(1, %(users)s) i
    """,
    """
    insert into comments (id, analysis_id, user_id, at_s, text)
    select md5('comment' || i || ' ' || n)::uuid, id, user_id, n, 'Hips closer to the wall.'
    from filling, generate_series(1, 3) n where i %% 10 = 0
    """,
    """
    insert into plan_grants (user_id, tier, reason, ends_at)
    select md5('user' || i)::uuid, 'premium', 'a year of the gym', now() + make_interval(days => i)
    from generate_series(1, %(users)s) i
    """,
    """
    insert into subscriptions (user_id, customer_id, language, state, tier, next_tier, period_end,
                               grace_until, next_read_at)
    select md5('user' || i)::uuid, 'cus_' || i, 'en', case when i %% 20 = 0 then 'past_due' else 'active' end,
           'premium', 'premium', now() + make_interval(mins => i), now() + make_interval(mins => i),
           now() + make_interval(mins => i)
    from generate_series(1, %(users)s) i
    """,
    """
    insert into payment_events (id, received_at) select 'evt_' || i, at from filling where i %% 4 = 0
    """,
    """
    insert into payment_closures (customer_id, next_try_at)
    select 'cus_gone' || i, now() + make_interval(mins => i) from generate_series(1, 5000) i
    """,
    """
    insert into object_deletions (object_key, requested_at)
    select 'uploads/gone' || i, at from filling where i %% 10 = 0
    """,
    """
    insert into audit_log (position, at, actor, action, subject, details, prev_hash, hash)
    select i + 1000000, at, 'account:' || user_id, 'login.succeeded', 'account:' || user_id, '{}', '', ''
    from filling
    """,
    """
    insert into audit_cuts (position, hash) values (1, '')
    """,
)


async def fill(
    admin_url: str, user_id: str, *, summary: str, analyses: int = 100_000, users: int = 5_000
) -> None:
    """Rows in every table: analyses of many users, one in 50 of them of one, who is there already.

    summary: what finished ones say, as JSON.
    """
    async with await psycopg.AsyncConnection.connect(admin_url) as connection:
        await connection.execute("set session_replication_role = replica")  # references are right by making
        for statement in _FILL:
            values = {"users": users, "analyses": analyses, "one": user_id, "summary": summary}
            await connection.execute(statement, values)
        await connection.commit()
        await connection.set_autocommit(True)
        await connection.execute("vacuum analyze")
