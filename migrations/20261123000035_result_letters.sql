-- migrate:up

-- Whoever wants it is told by a letter that an analysis has ended, once each: `letter_due` says that it is to come.
alter table users add column wants_result_letters boolean not null default false;
alter table analyses add column letter_due boolean not null default false;
create index analyses_letter_due_idx on analyses (job_id) where letter_due;

-- migrate:down

drop index analyses_letter_due_idx;
alter table analyses drop column letter_due;
alter table users drop column wants_result_letters;
delete from letters where kind in ('result_ready', 'result_failed');
