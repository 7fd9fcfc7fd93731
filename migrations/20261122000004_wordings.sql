-- migrate:up

-- What a language model wrote for an analysis, where one is set up (coaching/rewording.py): digest of the rule's
-- sentence -> the model's. With another rule's sentence it is stale by itself.
create table wordings (
    analysis_id uuid not null references analyses (id) on delete cascade,
    language text not null check (language in ('en', 'fr')),
    model text not null,
    worded_at timestamptz not null default now(),
    sentences jsonb not null,
    primary key (analysis_id, language)
);

grant select on wordings to ascension_api;
grant select, insert, update on wordings to ascension_worker;

-- migrate:down

drop table wordings;
