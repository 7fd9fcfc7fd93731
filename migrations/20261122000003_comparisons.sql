-- migrate:up

-- Two attempts of one user beside each other; made by a job of its own (comparisons/).
create table comparisons (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    job_id uuid not null references jobs (id) on delete cascade,
    first_analysis_id uuid not null references analyses (id) on delete cascade,
    first_attempt smallint not null check (first_attempt > 0),
    second_analysis_id uuid not null references analyses (id) on delete cascade,
    second_attempt smallint not null check (second_attempt > 0),
    -- of the analyses' results that were compared: with another result it is stale
    first_sha256 bytea,
    second_sha256 bytea,
    result jsonb,
    created_at timestamptz not null default now(),
    constraint comparisons_pair_key
        unique (first_analysis_id, first_attempt, second_analysis_id, second_attempt)
);
create index comparisons_user_idx on comparisons (user_id, id desc);
create index comparisons_second_idx on comparisons (second_analysis_id);
create unique index comparisons_job_key on comparisons (job_id);

-- An analysis that goes takes its comparisons along; their jobs would stay behind.
create function delete_job_of_comparison() returns trigger language plpgsql as $$
begin
    delete from jobs where id = old.job_id;
    return null;
end
$$;
create trigger comparisons_take_their_job after delete on comparisons
    for each row execute function delete_job_of_comparison();

grant select, insert, update, delete on comparisons to ascension_api;
grant select, update on comparisons to ascension_worker;

-- migrate:down

drop table comparisons;
drop function delete_job_of_comparison();
delete from jobs where kind = 'comparison';
