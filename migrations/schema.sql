-- Written by `python -m tests.migrations.schema` out of the migrations; never edited.

CREATE FUNCTION public.audit_field(value text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog'
    AS $$
select convert_to(octet_length(convert_to(value, 'UTF8')) || ':' || value || ',', 'UTF8')
$$;

CREATE FUNCTION public.audit_name(kind text, id text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
select case when id = '' then kind
    else kind || ':' || left(encode(sha256(secret || convert_to(kind || ':' || id, 'UTF8')), 'hex'), 32) end
from public.audit_key
$$;

CREATE FUNCTION public.audit_record(actor_kind text, actor_id text, action text, subject_kind text, subject_id text, details json) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
insert into public.audit_log (actor, action, subject, details)
values (public.audit_name(actor_kind, actor_id), action, public.audit_name(subject_kind, subject_id), details)
$$;

CREATE FUNCTION public.audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if tg_op = 'UPDATE' and tg_table_name = 'audit_log' then
        if old.hash is null and (old.id, old.at, old.actor, old.action, old.subject, old.details::text)
            = (new.id, new.at, new.actor, new.action, new.subject, new.details::text) then
            return new;  -- it is sealed
        end if;
    end if;
    if tg_op = 'DELETE' and tg_table_name = 'audit_log' then
        if old.position <= (select max(position) from public.audit_cuts) then
            return old;  -- it was exported
        end if;
    end if;
    raise exception 'the audit log is only added to' using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.audit_seal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare
    last_position bigint;
    last_hash bytea;
begin
    perform pg_advisory_xact_lock(20261122000017);
    select position, hash into last_position, last_hash
    from public.audit_log where position is not null order by position desc limit 1;
    last_position := coalesce(last_position, 0);
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    update public.audit_log set position = last_position + 1, prev_hash = last_hash, hash = sha256(
        last_hash
        || public.audit_field((last_position + 1)::text)
        || public.audit_field(((extract(epoch from new.at) * 1000000)::bigint)::text)
        || public.audit_field(new.actor)
        || public.audit_field(new.action)
        || public.audit_field(new.subject)
        || public.audit_field(new.details::text))
    where id = new.id;
    return null;
end
$$;

CREATE FUNCTION public.delete_comparisons_of_analysis() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    delete from jobs where id in (
        select job_id from comparisons where old.id in (first_analysis_id, second_analysis_id));
    return old;
end
$$;

CREATE FUNCTION public.delete_comparisons_of_coach() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    delete from jobs where id in (
        select c.job_id from comparisons c
        join analyses a on a.id in (c.first_analysis_id, c.second_analysis_id)
        where c.user_id = old.coach_id and a.user_id = old.user_id);
    return null;
end
$$;

CREATE FUNCTION public.delete_copies_of_video() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    delete from jobs where id in (select job_id from video_copies where video_id = old.id);
    return old;
end
$$;

CREATE FUNCTION public.delete_job_of_comparison() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    delete from jobs where id = old.job_id;
    return null;
end
$$;

CREATE FUNCTION public.delete_preview_of_expired() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from jobs where id in (
        select job_id from video_copies where video_id = new.id and purpose = 'preview');
    return null;
end
$$;

CREATE FUNCTION public.delete_recognition_of_analysis() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    delete from jobs where id in (select job_id from recognitions where analysis_id = old.id);
    return old;
end
$$;

CREATE FUNCTION public.delete_thumbnail() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into object_deletions (object_key) values ('thumbnails/' || old.user_id || '/' || old.id)
    on conflict (object_key) do update set not_before = now();
    return null;
end
$$;

CREATE FUNCTION public.delete_thumbnails_of_expired() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    with gone as (
        update analyses set thumbnail_width_px = null, thumbnail_height_px = null
        where video_id = new.id and thumbnail_width_px is not null returning user_id, id
    )
    insert into object_deletions (object_key) select 'thumbnails/' || user_id || '/' || id from gone
    on conflict (object_key) do update set not_before = now();
    return null;
end
$$;

CREATE FUNCTION public.delete_what_a_copy_made() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    delete from jobs where id = old.job_id;
    if old.purpose <> 'saved' then
        insert into object_deletions (object_key) values ('shared/' || old.user_id || '/' || old.id)
        on conflict (object_key) do update set not_before = now();
    end if;
    return null;
end
$$;

CREATE FUNCTION public.keep_clean_video(copy_id uuid, cleaned_key text, new_content_type text, new_size_bytes bigint, new_part_size_bytes integer, digests bytea[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare
    kept public.videos;
begin
    -- whoever deletes it has it locked and waits for our job: then this is tried again, and the job is gone
    select v.* into kept from public.videos v join public.video_copies c on c.video_id = v.id
    where c.id = copy_id and c.purpose = 'saved' for update of v nowait;
    if kept.id is null or kept.state <> 'uploaded' or kept.saved_at is null or kept.object_key <> cleaned_key
        or coalesce(kept.move_until > now(), false) then
        return false;
    end if;
    update public.videos set object_key = 'saved/' || user_id || '/' || id || '-clean',
        content_type = new_content_type, size_bytes = new_size_bytes, part_size_bytes = new_part_size_bytes,
        cleaned_at = now()
    where id = kept.id;
    delete from public.video_parts where video_id = kept.id;
    insert into public.video_parts (video_id, part_number, sha256)
    select kept.id, ordinality, sha256 from unnest(digests) with ordinality as one (sha256, ordinality);
    delete from public.object_deletions where object_key = 'saved/' || kept.user_id || '/' || kept.id || '-clean';
    insert into public.object_deletions (object_key, not_before)
    values (cleaned_key, now() + interval '15 minutes')  -- for those who are reading it
    on conflict (object_key) do update set not_before = excluded.not_before;
    return true;
end
$$;

CREATE FUNCTION public.route_of_name() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.route is null then
        new.route_id := null;
        return new;
    end if;
    perform from routes where id = new.route_id and user_id = new.user_id and name = new.route;
    if not found then
        insert into routes (id, user_id, name) values (gen_random_uuid(), new.user_id, new.route)
        on conflict (user_id, name_key) where taken_down_on is null do nothing;
        select id, name into new.route_id, new.route from routes
        where user_id = new.user_id and taken_down_on is null
            and name_key = lower(regexp_replace(new.route, '\s+', ' ', 'g'));
    end if;
    return new;
end
$$;

CREATE FUNCTION public.subscription_close() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    insert into public.payment_closures (customer_id) values (old.customer_id) on conflict do nothing;
    return null;
end
$$;

CREATE TABLE public.allowance_uses (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    video_id uuid NOT NULL,
    kind text NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.analyses (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    video_id uuid NOT NULL,
    job_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    result bytea,
    result_sha256 bytea,
    summary jsonb,
    completed_at timestamp with time zone,
    choices jsonb DEFAULT '{}'::jsonb NOT NULL,
    wall_object_key text,
    route text,
    derivation_job_id uuid,
    original_result bytea,
    original_summary jsonb,
    with_profile boolean DEFAULT true NOT NULL,
    covered_wall_object_key text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    trashed_at timestamp with time zone,
    route_id uuid,
    sends jsonb DEFAULT '{}'::jsonb NOT NULL,
    letter_due boolean DEFAULT false NOT NULL,
    thumbnail_width_px integer,
    thumbnail_height_px integer,
    CONSTRAINT analyses_route_check CHECK (((length(route) >= 1) AND (length(route) <= 80))),
    CONSTRAINT analyses_tags_check CHECK ((cardinality(tags) <= 10))
);
ALTER TABLE ONLY public.analyses ALTER COLUMN result SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.analyses ALTER COLUMN original_result SET STORAGE EXTERNAL;

CREATE TABLE public.audit_cuts (
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.audit_key (
    only_one boolean DEFAULT true NOT NULL,
    secret bytea NOT NULL,
    CONSTRAINT audit_key_only_one_check CHECK (only_one)
);

CREATE TABLE public.audit_log (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "position" bigint,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details json NOT NULL,
    prev_hash bytea,
    hash bytea,
    CONSTRAINT audit_log_sealed_check CHECK (((("position" IS NULL) = (hash IS NULL)) AND (("position" IS NULL) = (prev_hash IS NULL))))
);

CREATE TABLE public.coach_grants (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    coach_id uuid,
    email text NOT NULL,
    with_past boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    seen_at timestamp with time zone,
    CONSTRAINT coach_grants_check CHECK (((coach_id IS NULL) = (accepted_at IS NULL))),
    CONSTRAINT coach_grants_check1 CHECK (((coach_id IS NULL) OR (coach_id <> user_id))),
    CONSTRAINT coach_grants_email_check CHECK ((email = lower(email)))
);

CREATE TABLE public.comments (
    id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    user_id uuid NOT NULL,
    at_s double precision NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    deleted_by uuid,
    CONSTRAINT comments_at_s_check CHECK (((at_s >= (0)::double precision) AND (at_s < (86400)::double precision))),
    CONSTRAINT comments_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 2000)))
);

CREATE TABLE public.comparisons (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    job_id uuid NOT NULL,
    first_analysis_id uuid NOT NULL,
    first_attempt smallint NOT NULL,
    second_analysis_id uuid NOT NULL,
    second_attempt smallint NOT NULL,
    first_sha256 bytea,
    second_sha256 bytea,
    result jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT comparisons_first_attempt_check CHECK ((first_attempt > 0)),
    CONSTRAINT comparisons_second_attempt_check CHECK ((second_attempt > 0))
);

CREATE TABLE public.consents (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    document text NOT NULL,
    version text NOT NULL,
    how text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT consents_document_check CHECK ((document = ANY (ARRAY['terms'::text, 'privacy'::text]))),
    CONSTRAINT consents_how_check CHECK ((how = ANY (ARRAY['registration'::text, 'later'::text, 'withdrawn'::text])))
);

CREATE TABLE public.corrections (
    id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    edits jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.departures (
    user_id uuid NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    erase_at timestamp with time zone NOT NULL,
    language text NOT NULL,
    asked_by text DEFAULT 'owner'::text NOT NULL,
    next_try_at timestamp with time zone,
    CONSTRAINT departures_asked_by_check CHECK ((asked_by = ANY (ARRAY['owner'::text, 'guardian'::text]))),
    CONSTRAINT departures_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text])))
);

CREATE TABLE public.erasures (
    id uuid NOT NULL,
    user_id uuid,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    next_pass_at timestamp with time zone DEFAULT now() NOT NULL,
    objects_removed bigint DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    user_sha256 bytea
);

CREATE TABLE public.exports (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    language text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    claim_id uuid,
    lease_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    s3_upload_id text,
    done_bytes bigint DEFAULT 0 NOT NULL,
    total_bytes bigint DEFAULT 0 NOT NULL,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    CONSTRAINT exports_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text]))),
    CONSTRAINT exports_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'making'::text, 'ready'::text, 'failed'::text, 'removed'::text])))
);

CREATE TABLE public.guardians (
    user_id uuid NOT NULL,
    email text NOT NULL,
    minor_until date NOT NULL,
    language text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    CONSTRAINT guardians_email_check CHECK ((email = lower(email))),
    CONSTRAINT guardians_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text])))
);

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    resource_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.invitations (
    id uuid NOT NULL,
    email text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_email_check CHECK ((email = lower(email)))
);

CREATE TABLE public.jobs (
    id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    user_id uuid NOT NULL,
    tier text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    admitted boolean DEFAULT false NOT NULL,
    deliver_after timestamp with time zone DEFAULT now() NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    claim_id uuid,
    worker_id text,
    lease_until timestamp with time zone,
    cancel_requested boolean DEFAULT false NOT NULL,
    stage text,
    progress_pct smallint DEFAULT 0 NOT NULL,
    failure_code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    failure_detail text,
    crashes smallint DEFAULT 0 NOT NULL,
    interruptions integer DEFAULT 0 NOT NULL,
    request_id text,
    delivered_at timestamp with time zone,
    timings jsonb,
    CONSTRAINT jobs_progress_pct_check CHECK (((progress_pct >= 0) AND (progress_pct <= 100))),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'processing'::text, 'done'::text, 'failed'::text, 'dead'::text, 'canceled'::text])))
);

CREATE TABLE public.letter_tokens (
    token_hash bytea NOT NULL,
    purpose text NOT NULL,
    subject_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT letter_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.letters (
    id uuid NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    language text NOT NULL,
    subject_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    outcome text,
    settled_at timestamp with time zone,
    is_own boolean DEFAULT false NOT NULL,
    CONSTRAINT letters_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text]))),
    CONSTRAINT letters_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'dropped'::text, 'given_up'::text])))
);

CREATE TABLE public.object_deletions (
    object_key text NOT NULL,
    s3_upload_id text,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.passkeys (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.payment_closures (
    customer_id text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    next_try_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.payment_events (
    id text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.plan_grants (
    user_id uuid NOT NULL,
    tier text NOT NULL,
    reason text NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone,
    CONSTRAINT plan_grants_reason_check CHECK ((char_length(reason) <= 200)),
    CONSTRAINT plan_grants_tier_check CHECK ((tier = ANY (ARRAY['premium'::text, 'infinity'::text])))
);

CREATE TABLE public.quota_uses (
    subject_id uuid NOT NULL,
    user_id uuid NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.recognitions (
    id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    user_id uuid NOT NULL,
    job_id uuid NOT NULL,
    like_analysis_id uuid,
    is_same_route boolean,
    confidence real,
    answer text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recognitions_answer_check CHECK ((answer = ANY (ARRAY['same'::text, 'other_route'::text, 'no'::text])))
);

CREATE TABLE public.recovery_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone,
    key_id text
);

CREATE TABLE public.refresh_tokens (
    token_hash bytea NOT NULL,
    family_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    rotated_at timestamp with time zone,
    successor_hash bytea,
    revoked_at timestamp with time zone,
    device text,
    began_at timestamp with time zone
);

CREATE TABLE public.registrations (
    id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    password_hash text NOT NULL,
    idempotency_key text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    agreed jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT registrations_email_check CHECK ((email = lower(email)))
);

CREATE TABLE public.removed_routes (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    removed_at timestamp with time zone DEFAULT now() NOT NULL,
    route jsonb NOT NULL,
    tries jsonb NOT NULL,
    climbs uuid[] NOT NULL
);

CREATE TABLE public.route_tries (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    route_id uuid NOT NULL,
    day date NOT NULL,
    tries smallint NOT NULL,
    is_sent boolean NOT NULL,
    note text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT route_tries_note_check CHECK (((char_length(note) >= 1) AND (char_length(note) <= 200))),
    CONSTRAINT route_tries_tries_check CHECK (((tries >= 1) AND (tries <= 100)))
);

CREATE TABLE public.routes (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    name_key text GENERATED ALWAYS AS (lower(regexp_replace(name, '\s+'::text, ' '::text, 'g'::text))) STORED NOT NULL,
    grade text,
    scale text,
    wall text,
    set_on date,
    taken_down_on date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT routes_days_check CHECK ((taken_down_on >= set_on)),
    CONSTRAINT routes_grade_check CHECK (((char_length(grade) >= 1) AND (char_length(grade) <= 16))),
    CONSTRAINT routes_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 80))),
    CONSTRAINT routes_scale_check CHECK ((scale = ANY (ARRAY['french'::text, 'yds'::text, 'uiaa'::text, 'font'::text, 'v'::text]))),
    CONSTRAINT routes_scale_of_grade_check CHECK (((scale IS NULL) OR (grade IS NOT NULL))),
    CONSTRAINT routes_wall_check CHECK (((char_length(wall) >= 1) AND (char_length(wall) <= 80)))
);

CREATE TABLE public.shares (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    analysis_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    sealed_token bytea NOT NULL,
    password_hash text,
    with_video boolean DEFAULT false NOT NULL,
    is_blurred boolean DEFAULT false NOT NULL,
    with_name boolean DEFAULT false NOT NULL,
    with_comments boolean DEFAULT false NOT NULL,
    views integer DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT shares_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.subscriptions (
    user_id uuid NOT NULL,
    customer_id text NOT NULL,
    language text NOT NULL,
    checkout_id text,
    checkout_at timestamp with time zone,
    state text DEFAULT 'none'::text NOT NULL,
    tier text,
    next_tier text,
    period_end timestamp with time zone,
    grace_until timestamp with time zone,
    lapsed_at timestamp with time zone,
    asked bigint DEFAULT 0 NOT NULL,
    applied bigint DEFAULT 0 NOT NULL,
    next_read_at timestamp with time zone,
    CONSTRAINT subscriptions_grace_check CHECK (((state <> 'past_due'::text) OR (grace_until IS NOT NULL))),
    CONSTRAINT subscriptions_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text]))),
    CONSTRAINT subscriptions_next_tier_check CHECK ((next_tier = ANY (ARRAY['free'::text, 'premium'::text, 'infinity'::text]))),
    CONSTRAINT subscriptions_paid_check CHECK (((state = ANY (ARRAY['none'::text, 'ended'::text])) OR ((tier IS NOT NULL) AND (next_tier IS NOT NULL) AND (period_end IS NOT NULL)))),
    CONSTRAINT subscriptions_state_check CHECK ((state = ANY (ARRAY['none'::text, 'active'::text, 'past_due'::text, 'ended'::text]))),
    CONSTRAINT subscriptions_tier_check CHECK ((tier = ANY (ARRAY['premium'::text, 'infinity'::text])))
);

CREATE TABLE public.totp_factors (
    user_id uuid NOT NULL,
    sealed_secret bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint
);

CREATE TABLE public.upload_completions (
    video_id uuid NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    password_hash text NOT NULL,
    tier text DEFAULT 'free'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    climber jsonb DEFAULT '{}'::jsonb NOT NULL,
    operator boolean DEFAULT false NOT NULL,
    role text DEFAULT 'climber'::text NOT NULL,
    language text,
    units text,
    grades text,
    wants_result_letters boolean DEFAULT false NOT NULL,
    CONSTRAINT users_email_normalized CHECK ((email = lower(email))),
    CONSTRAINT users_grades_check CHECK ((grades = ANY (ARRAY['french'::text, 'yds'::text, 'uiaa'::text, 'font'::text, 'v'::text]))),
    CONSTRAINT users_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text]))),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['climber'::text, 'coach'::text, 'admin'::text]))),
    CONSTRAINT users_tier_check CHECK ((tier = ANY (ARRAY['free'::text, 'premium'::text, 'infinity'::text]))),
    CONSTRAINT users_units_check CHECK ((units = ANY (ARRAY['metric'::text, 'imperial'::text])))
);

CREATE TABLE public.video_copies (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    video_id uuid NOT NULL,
    job_id uuid NOT NULL,
    purpose text NOT NULL,
    content_type text,
    size_bytes bigint,
    made_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.video_parts (
    video_id uuid NOT NULL,
    part_number integer NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT video_parts_part_number_check CHECK (((part_number >= 1) AND (part_number <= 10000))),
    CONSTRAINT video_parts_sha256_check CHECK ((octet_length(sha256) = 32))
);

CREATE TABLE public.videos (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    state text DEFAULT 'uploading'::text NOT NULL,
    file_name text NOT NULL,
    content_type text NOT NULL,
    size_bytes bigint NOT NULL,
    part_size_bytes integer NOT NULL,
    object_key text NOT NULL,
    s3_upload_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    uploaded_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    saved_at timestamp with time zone,
    move_id uuid,
    move_until timestamp with time zone,
    archive_state text,
    archive_checked_at timestamp with time zone,
    restore_ready_by timestamp with time zone,
    restored_until timestamp with time zone,
    cleaned_at timestamp with time zone,
    trashed_at timestamp with time zone,
    CONSTRAINT videos_part_size_bytes_check CHECK ((part_size_bytes > 0)),
    CONSTRAINT videos_size_bytes_check CHECK ((size_bytes > 0)),
    CONSTRAINT videos_state_check CHECK ((state = ANY (ARRAY['uploading'::text, 'uploaded'::text, 'expired'::text])))
);

CREATE TABLE public.wordings (
    analysis_id uuid NOT NULL,
    language text NOT NULL,
    model text NOT NULL,
    worded_at timestamp with time zone DEFAULT now() NOT NULL,
    sentences jsonb NOT NULL,
    CONSTRAINT wordings_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text])))
);

CREATE TABLE public.workers (
    id text NOT NULL,
    version text NOT NULL,
    slots integer NOT NULL,
    running integer NOT NULL,
    figures jsonb DEFAULT '{}'::jsonb NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.allowance_uses
    ADD CONSTRAINT allowance_uses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_cuts
    ADD CONSTRAINT audit_cuts_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.audit_key
    ADD CONSTRAINT audit_key_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_position_key UNIQUE ("position");

ALTER TABLE ONLY public.coach_grants
    ADD CONSTRAINT coach_grants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.coach_grants
    ADD CONSTRAINT coach_grants_user_id_coach_id_key UNIQUE (user_id, coach_id);

ALTER TABLE ONLY public.coach_grants
    ADD CONSTRAINT coach_grants_user_id_email_key UNIQUE (user_id, email);

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comparisons
    ADD CONSTRAINT comparisons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.corrections
    ADD CONSTRAINT corrections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.departures
    ADD CONSTRAINT departures_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exports
    ADD CONSTRAINT exports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.guardians
    ADD CONSTRAINT guardians_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.letter_tokens
    ADD CONSTRAINT letter_tokens_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.object_deletions
    ADD CONSTRAINT object_deletions_pkey PRIMARY KEY (object_key);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payment_closures
    ADD CONSTRAINT payment_closures_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY public.payment_events
    ADD CONSTRAINT payment_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.plan_grants
    ADD CONSTRAINT plan_grants_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.quota_uses
    ADD CONSTRAINT quota_uses_pkey PRIMARY KEY (subject_id);

ALTER TABLE ONLY public.recognitions
    ADD CONSTRAINT recognitions_analysis_id_key UNIQUE (analysis_id);

ALTER TABLE ONLY public.recognitions
    ADD CONSTRAINT recognitions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.registrations
    ADD CONSTRAINT registrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.removed_routes
    ADD CONSTRAINT removed_routes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.route_tries
    ADD CONSTRAINT route_tries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.routes
    ADD CONSTRAINT routes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_customer_id_key UNIQUE (customer_id);

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.totp_factors
    ADD CONSTRAINT totp_factors_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.upload_completions
    ADD CONSTRAINT upload_completions_pkey PRIMARY KEY (video_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.video_copies
    ADD CONSTRAINT video_copies_pkey PRIMARY KEY (id);

ALTER TABLE public.video_copies
    ADD CONSTRAINT video_copies_purpose_check CHECK ((purpose = ANY (ARRAY['saved'::text, 'shared'::text, 'blurred'::text, 'preview'::text]))) NOT VALID;

ALTER TABLE ONLY public.video_copies
    ADD CONSTRAINT video_copies_video_id_purpose_key UNIQUE (video_id, purpose);

ALTER TABLE ONLY public.video_parts
    ADD CONSTRAINT video_parts_pkey PRIMARY KEY (video_id, part_number);

ALTER TABLE ONLY public.videos
    ADD CONSTRAINT videos_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wordings
    ADD CONSTRAINT wordings_pkey PRIMARY KEY (analysis_id, language);

ALTER TABLE ONLY public.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (id);

CREATE INDEX allowance_uses_age_idx ON public.allowance_uses USING btree (used_at);

CREATE INDEX allowance_uses_user_idx ON public.allowance_uses USING btree (user_id, kind, used_at);

CREATE UNIQUE INDEX analyses_derivation_job_key ON public.analyses USING btree (derivation_job_id);

CREATE UNIQUE INDEX analyses_job_key ON public.analyses USING btree (job_id);

CREATE INDEX analyses_letter_due_idx ON public.analyses USING btree (job_id) WHERE letter_due;

CREATE INDEX analyses_route_idx ON public.analyses USING btree (route_id, created_at) WHERE (route_id IS NOT NULL);

CREATE INDEX analyses_trash_idx ON public.analyses USING btree (user_id, id DESC) WHERE (trashed_at IS NOT NULL);

CREATE INDEX analyses_user_day_idx ON public.analyses USING btree (user_id, created_at);

CREATE INDEX analyses_user_idx ON public.analyses USING btree (user_id, id DESC);

CREATE INDEX analyses_video_idx ON public.analyses USING btree (video_id);

CREATE INDEX coach_grants_coach_idx ON public.coach_grants USING btree (coach_id, id);

CREATE INDEX coach_grants_expiry_idx ON public.coach_grants USING btree (expires_at) WHERE (accepted_at IS NULL);

CREATE INDEX comments_analysis_idx ON public.comments USING btree (analysis_id, at_s);

CREATE INDEX comments_deleted_by_idx ON public.comments USING btree (deleted_by) WHERE (deleted_by IS NOT NULL);

CREATE INDEX comments_deleted_idx ON public.comments USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);

CREATE INDEX comments_user_idx ON public.comments USING btree (user_id);

CREATE UNIQUE INDEX comparisons_job_key ON public.comparisons USING btree (job_id);

CREATE UNIQUE INDEX comparisons_pair_idx ON public.comparisons USING btree (first_analysis_id, first_attempt, second_analysis_id, second_attempt, user_id);

CREATE INDEX comparisons_second_idx ON public.comparisons USING btree (second_analysis_id);

CREATE INDEX comparisons_user_idx ON public.comparisons USING btree (user_id, id DESC);

CREATE INDEX consents_user_idx ON public.consents USING btree (user_id, document, at DESC);

CREATE INDEX corrections_analysis_idx ON public.corrections USING btree (analysis_id, id);

CREATE INDEX departures_due_idx ON public.departures USING btree (erase_at);

CREATE INDEX erasures_open_idx ON public.erasures USING btree (next_pass_at) WHERE (finished_at IS NULL);

CREATE INDEX exports_expiry_idx ON public.exports USING btree (expires_at) WHERE (state = ANY (ARRAY['ready'::text, 'failed'::text, 'removed'::text]));

CREATE INDEX exports_open_idx ON public.exports USING btree (asked_at) WHERE (state = ANY (ARRAY['waiting'::text, 'making'::text]));

CREATE INDEX exports_user_idx ON public.exports USING btree (user_id, asked_at);

CREATE INDEX guardians_until_idx ON public.guardians USING btree (minor_until);

CREATE INDEX idempotency_keys_created_idx ON public.idempotency_keys USING btree (created_at);

CREATE INDEX invitations_email_idx ON public.invitations USING btree (email);

CREATE INDEX jobs_admitted_idx ON public.jobs USING btree (user_id) WHERE (admitted AND (state = ANY (ARRAY['queued'::text, 'processing'::text])));

CREATE INDEX jobs_delivered_idx ON public.jobs USING btree (tier, delivered_at) WHERE ((state = 'queued'::text) AND admitted);

CREATE INDEX jobs_delivery_idx ON public.jobs USING btree (deliver_after) WHERE (state = 'queued'::text);

CREATE INDEX jobs_due_idx ON public.jobs USING btree (deliver_after) WHERE ((state = 'queued'::text) AND admitted AND (delivered_at IS NULL));

CREATE INDEX jobs_finished_idx ON public.jobs USING btree (finished_at);

CREATE INDEX jobs_lease_idx ON public.jobs USING btree (lease_until) WHERE (state = 'processing'::text);

CREATE INDEX jobs_open_idx ON public.jobs USING btree (tier, state, created_at) WHERE (state = ANY (ARRAY['queued'::text, 'processing'::text, 'dead'::text]));

CREATE INDEX jobs_state_idx ON public.jobs USING btree (state, id) WHERE (state <> 'done'::text);

CREATE UNIQUE INDEX jobs_subject_key ON public.jobs USING btree (subject_id, kind);

CREATE INDEX jobs_user_active_idx ON public.jobs USING btree (user_id) WHERE (state = ANY (ARRAY['queued'::text, 'processing'::text]));

CREATE INDEX jobs_user_idx ON public.jobs USING btree (user_id);

CREATE INDEX jobs_waiting_idx ON public.jobs USING btree (user_id, created_at, id) WHERE ((state = 'queued'::text) AND (NOT admitted));

CREATE INDEX jobs_without_result_idx ON public.jobs USING btree (user_id, finished_at) WHERE (state = ANY (ARRAY['failed'::text, 'dead'::text, 'canceled'::text]));

CREATE INDEX letter_tokens_expiry_idx ON public.letter_tokens USING btree (expires_at);

CREATE INDEX letter_tokens_subject_idx ON public.letter_tokens USING btree (subject_id);

CREATE INDEX letters_due_idx ON public.letters USING btree (due_at) WHERE (outcome IS NULL);

CREATE INDEX letters_recipient_idx ON public.letters USING btree (recipient, kind, settled_at);

CREATE INDEX letters_settled_idx ON public.letters USING btree (settled_at) WHERE (outcome IS NOT NULL);

CREATE INDEX object_deletions_due_idx ON public.object_deletions USING btree (not_before);

CREATE INDEX passkeys_user_idx ON public.passkeys USING btree (user_id);

CREATE INDEX payment_closures_due_idx ON public.payment_closures USING btree (next_try_at);

CREATE INDEX payment_events_received_idx ON public.payment_events USING btree (received_at);

CREATE INDEX plan_grants_end_idx ON public.plan_grants USING btree (ends_at) WHERE (ends_at IS NOT NULL);

CREATE INDEX quota_uses_user_idx ON public.quota_uses USING btree (user_id, used_at);

CREATE UNIQUE INDEX recognitions_job_key ON public.recognitions USING btree (job_id);

CREATE INDEX recognitions_user_idx ON public.recognitions USING btree (user_id);

CREATE INDEX refresh_tokens_expiry_idx ON public.refresh_tokens USING btree (expires_at);

CREATE INDEX refresh_tokens_family_idx ON public.refresh_tokens USING btree (family_id);

CREATE INDEX refresh_tokens_open_idx ON public.refresh_tokens USING btree (user_id, created_at) WHERE ((rotated_at IS NULL) AND (revoked_at IS NULL));

CREATE INDEX refresh_tokens_revoked_idx ON public.refresh_tokens USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);

CREATE INDEX refresh_tokens_user_idx ON public.refresh_tokens USING btree (user_id);

CREATE UNIQUE INDEX registrations_email_key_idx ON public.registrations USING btree (email, idempotency_key);

CREATE INDEX registrations_expiry_idx ON public.registrations USING btree (expires_at);

CREATE INDEX removed_routes_due_idx ON public.removed_routes USING btree (removed_at);

CREATE INDEX removed_routes_user_idx ON public.removed_routes USING btree (user_id, removed_at DESC);

CREATE INDEX route_tries_route_idx ON public.route_tries USING btree (route_id);

CREATE INDEX route_tries_user_idx ON public.route_tries USING btree (user_id, day);

CREATE UNIQUE INDEX routes_standing_key ON public.routes USING btree (user_id, name_key) WHERE (taken_down_on IS NULL);

CREATE INDEX routes_user_idx ON public.routes USING btree (user_id);

CREATE INDEX shares_analysis_idx ON public.shares USING btree (analysis_id, id);

CREATE INDEX shares_expiry_idx ON public.shares USING btree (expires_at);

CREATE INDEX shares_user_idx ON public.shares USING btree (user_id, id);

CREATE INDEX subscriptions_grace_idx ON public.subscriptions USING btree (grace_until) WHERE ((state = 'past_due'::text) AND (lapsed_at IS NULL));

CREATE INDEX subscriptions_read_idx ON public.subscriptions USING btree (next_read_at) WHERE (next_read_at IS NOT NULL);

CREATE INDEX users_admin_idx ON public.users USING btree (id) WHERE (role = 'admin'::text);

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email);

CREATE INDEX users_operator_idx ON public.users USING btree (id) WHERE operator;

CREATE UNIQUE INDEX video_copies_job_key ON public.video_copies USING btree (job_id);

CREATE INDEX video_copies_user_idx ON public.video_copies USING btree (user_id, id);

CREATE INDEX videos_archive_check_idx ON public.videos USING btree (archive_checked_at) WHERE (saved_at IS NOT NULL);

CREATE INDEX videos_expiry_idx ON public.videos USING btree (expires_at) WHERE (state <> 'expired'::text);

CREATE INDEX videos_object_key_idx ON public.videos USING btree (object_key COLLATE "C");

CREATE INDEX videos_saved_idx ON public.videos USING btree (user_id) WHERE (saved_at IS NOT NULL);

CREATE INDEX videos_user_idx ON public.videos USING btree (user_id, id DESC);

CREATE TRIGGER analyses_name_their_route BEFORE INSERT OR UPDATE OF route ON public.analyses FOR EACH ROW EXECUTE FUNCTION public.route_of_name();

CREATE TRIGGER analyses_take_their_comparisons BEFORE DELETE ON public.analyses FOR EACH ROW EXECUTE FUNCTION public.delete_comparisons_of_analysis();

CREATE TRIGGER analyses_take_their_recognition BEFORE DELETE ON public.analyses FOR EACH ROW EXECUTE FUNCTION public.delete_recognition_of_analysis();

CREATE TRIGGER analyses_take_their_thumbnail AFTER DELETE ON public.analyses FOR EACH ROW WHEN ((old.thumbnail_width_px IS NOT NULL)) EXECUTE FUNCTION public.delete_thumbnail();

CREATE TRIGGER audit_keep BEFORE DELETE OR UPDATE ON public.audit_cuts FOR EACH ROW EXECUTE FUNCTION public.audit_refuse();

CREATE TRIGGER audit_keep BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION public.audit_refuse();

CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON public.audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse();

CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse();

CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON public.audit_log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.audit_seal();

CREATE TRIGGER coach_grants_take_their_comparisons AFTER DELETE ON public.coach_grants FOR EACH ROW EXECUTE FUNCTION public.delete_comparisons_of_coach();

CREATE TRIGGER comparisons_take_their_job AFTER DELETE ON public.comparisons FOR EACH ROW EXECUTE FUNCTION public.delete_job_of_comparison();

CREATE TRIGGER subscription_close AFTER DELETE ON public.subscriptions FOR EACH ROW EXECUTE FUNCTION public.subscription_close();

CREATE TRIGGER video_copies_take_what_they_made AFTER DELETE ON public.video_copies FOR EACH ROW EXECUTE FUNCTION public.delete_what_a_copy_made();

CREATE TRIGGER videos_take_their_copies BEFORE DELETE ON public.videos FOR EACH ROW EXECUTE FUNCTION public.delete_copies_of_video();

CREATE TRIGGER videos_that_expire_take_their_preview AFTER UPDATE OF state ON public.videos FOR EACH ROW WHEN (((new.state = 'expired'::text) AND (old.state <> 'expired'::text))) EXECUTE FUNCTION public.delete_preview_of_expired();

CREATE TRIGGER videos_that_expire_take_their_thumbnails AFTER UPDATE OF state ON public.videos FOR EACH ROW WHEN (((new.state = 'expired'::text) AND (old.state <> 'expired'::text))) EXECUTE FUNCTION public.delete_thumbnails_of_expired();

ALTER TABLE ONLY public.allowance_uses
    ADD CONSTRAINT allowance_uses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_derivation_job_id_fkey FOREIGN KEY (derivation_job_id) REFERENCES public.jobs(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_route_id_fkey FOREIGN KEY (route_id) REFERENCES public.routes(id) ON DELETE SET NULL NOT VALID;

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT analyses_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.coach_grants
    ADD CONSTRAINT coach_grants_coach_id_fkey FOREIGN KEY (coach_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.coach_grants
    ADD CONSTRAINT coach_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_analysis_id_fkey FOREIGN KEY (analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_deleted_by_fkey FOREIGN KEY (deleted_by) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparisons
    ADD CONSTRAINT comparisons_first_analysis_id_fkey FOREIGN KEY (first_analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparisons
    ADD CONSTRAINT comparisons_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparisons
    ADD CONSTRAINT comparisons_second_analysis_id_fkey FOREIGN KEY (second_analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparisons
    ADD CONSTRAINT comparisons_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.corrections
    ADD CONSTRAINT corrections_analysis_id_fkey FOREIGN KEY (analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.departures
    ADD CONSTRAINT departures_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.exports
    ADD CONSTRAINT exports_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.guardians
    ADD CONSTRAINT guardians_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.plan_grants
    ADD CONSTRAINT plan_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quota_uses
    ADD CONSTRAINT quota_uses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recognitions
    ADD CONSTRAINT recognitions_analysis_id_fkey FOREIGN KEY (analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recognitions
    ADD CONSTRAINT recognitions_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recognitions
    ADD CONSTRAINT recognitions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.removed_routes
    ADD CONSTRAINT removed_routes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.route_tries
    ADD CONSTRAINT route_tries_route_id_fkey FOREIGN KEY (route_id) REFERENCES public.routes(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.route_tries
    ADD CONSTRAINT route_tries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.routes
    ADD CONSTRAINT routes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_analysis_id_fkey FOREIGN KEY (analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.totp_factors
    ADD CONSTRAINT totp_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.upload_completions
    ADD CONSTRAINT upload_completions_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.video_copies
    ADD CONSTRAINT video_copies_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.video_copies
    ADD CONSTRAINT video_copies_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.video_copies
    ADD CONSTRAINT video_copies_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.video_parts
    ADD CONSTRAINT video_parts_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.videos
    ADD CONSTRAINT videos_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.wordings
    ADD CONSTRAINT wordings_analysis_id_fkey FOREIGN KEY (analysis_id) REFERENCES public.analyses(id) ON DELETE CASCADE;

REVOKE ALL ON FUNCTION public.audit_name(kind text, id text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_name(kind text, id text) TO ascension_api;

REVOKE ALL ON FUNCTION public.audit_record(actor_kind text, actor_id text, action text, subject_kind text, subject_id text, details json) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_record(actor_kind text, actor_id text, action text, subject_kind text, subject_id text, details json) TO ascension_api;

REVOKE ALL ON FUNCTION public.audit_seal() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_clean_video(copy_id uuid, cleaned_key text, new_content_type text, new_size_bytes bigint, new_part_size_bytes integer, digests bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.keep_clean_video(copy_id uuid, cleaned_key text, new_content_type text, new_size_bytes bigint, new_part_size_bytes integer, digests bytea[]) TO ascension_worker;

REVOKE ALL ON FUNCTION public.subscription_close() FROM PUBLIC;

GRANT SELECT,INSERT,DELETE ON TABLE public.allowance_uses TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.analyses TO ascension_api;
GRANT SELECT,UPDATE ON TABLE public.analyses TO ascension_worker;

GRANT SELECT ON TABLE public.audit_cuts TO ascension_api;

GRANT SELECT ON TABLE public.audit_log TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.coach_grants TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.comments TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.comparisons TO ascension_api;
GRANT SELECT,UPDATE ON TABLE public.comparisons TO ascension_worker;

GRANT SELECT,INSERT ON TABLE public.consents TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.corrections TO ascension_api;
GRANT SELECT,DELETE ON TABLE public.corrections TO ascension_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.departures TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.erasures TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.exports TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.guardians TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invitations TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.jobs TO ascension_api;
GRANT SELECT,UPDATE ON TABLE public.jobs TO ascension_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.letter_tokens TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.letters TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.object_deletions TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.passkeys TO ascension_api;

GRANT SELECT,DELETE,UPDATE ON TABLE public.payment_closures TO ascension_api;

GRANT SELECT,INSERT,DELETE ON TABLE public.payment_events TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.plan_grants TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quota_uses TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recognitions TO ascension_api;
GRANT SELECT,UPDATE ON TABLE public.recognitions TO ascension_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_codes TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.refresh_tokens TO ascension_api;

GRANT SELECT,INSERT,DELETE ON TABLE public.registrations TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.removed_routes TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.route_tries TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.routes TO ascension_api;
GRANT SELECT ON TABLE public.routes TO ascension_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shares TO ascension_api;

GRANT SELECT,INSERT,UPDATE ON TABLE public.subscriptions TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.totp_factors TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.upload_completions TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO ascension_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.video_copies TO ascension_api;
GRANT SELECT,UPDATE ON TABLE public.video_copies TO ascension_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.video_parts TO ascension_api;
GRANT SELECT ON TABLE public.video_parts TO ascension_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.videos TO ascension_api;
GRANT SELECT ON TABLE public.videos TO ascension_worker;

GRANT UPDATE(state) ON TABLE public.videos TO ascension_worker;

GRANT SELECT ON TABLE public.wordings TO ascension_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.wordings TO ascension_worker;

GRANT SELECT,DELETE ON TABLE public.workers TO ascension_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workers TO ascension_worker;
