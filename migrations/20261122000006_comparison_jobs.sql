-- migrate:up

-- A worker that finishes a comparison holds its job, then its row. An analysis that goes takes both: in the same
-- order, or one of the two is told that the database is away.
create function delete_comparisons_of_analysis() returns trigger language plpgsql as $$
begin
    delete from jobs where id in (
        select job_id from comparisons where old.id in (first_analysis_id, second_analysis_id));
    return old;
end
$$;
create trigger analyses_take_their_comparisons before delete on analyses
    for each row execute function delete_comparisons_of_analysis();

-- migrate:down

drop trigger analyses_take_their_comparisons on analyses;
drop function delete_comparisons_of_analysis();
