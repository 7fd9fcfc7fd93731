-- migrate:up

-- Two who see the same two climbs, the climber and a coach, each have a comparison of their own.
-- contract: 0.1.0 what was written with the narrower key fits the wider one
create unique index comparisons_pair_idx
    on comparisons (first_analysis_id, first_attempt, second_analysis_id, second_attempt, user_id);
alter table comparisons drop constraint comparisons_pair_key;

-- What a coach compared goes with the access to either climb.
create function delete_comparisons_of_coach() returns trigger language plpgsql as $$
begin
    delete from jobs where id in (
        select c.job_id from comparisons c
        join analyses a on a.id in (c.first_analysis_id, c.second_analysis_id)
        where c.user_id = old.coach_id and a.user_id = old.user_id);
    return null;
end
$$;
create trigger coach_grants_take_their_comparisons after delete on coach_grants
    for each row execute function delete_comparisons_of_coach();

-- migrate:down

drop trigger coach_grants_take_their_comparisons on coach_grants;
drop function delete_comparisons_of_coach();
-- the release before shows a comparison to whoever made it, whoever climbed
delete from jobs where id in (
    select c.job_id from comparisons c
    join analyses a on a.id in (c.first_analysis_id, c.second_analysis_id)
    where a.user_id <> c.user_id);
alter table comparisons add constraint comparisons_pair_key
    unique (first_analysis_id, first_attempt, second_analysis_id, second_attempt);
drop index comparisons_pair_idx;
