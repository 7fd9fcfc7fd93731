-- migrate:up

-- What users tell about their own body: accounts/climber.py. Copied into the choices of each analysis.
alter table users add column climber jsonb not null default '{}';

-- What the user calls the route; raw numbers are compared on one route only.
alter table analyses add column route text check (length(route) between 1 and 80);
-- Corrections are derived by a job of their own; what was there before the first of them is kept.
alter table analyses add column derivation_job_id uuid references jobs (id) on delete set null;
alter table analyses add column original_result bytea;
alter table analyses add column original_summary jsonb;
alter table analyses alter column original_result set storage external;
create unique index analyses_derivation_job_key on analyses (derivation_job_id);

create table corrections (
    id uuid primary key,
    analysis_id uuid not null references analyses (id) on delete cascade,
    edits jsonb not null,
    created_at timestamptz not null default now()
);
create index corrections_analysis_idx on corrections (analysis_id, id);

grant select, insert, update, delete on corrections to ascension_api;
-- delete: a new analysis of the clip ends the corrections of the old one
grant select, delete on corrections to ascension_worker;

-- migrate:down

-- corrected results go back to what they were
update analyses set result = original_result, result_sha256 = sha256(original_result), summary = original_summary
where original_result is not null;
drop table corrections;
delete from jobs where kind = 'derivation';
alter table analyses drop column original_summary;
alter table analyses drop column original_result;
alter table analyses drop column derivation_job_id;
alter table analyses drop column route;
alter table users drop column climber;
