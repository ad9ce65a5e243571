-- drop_kept
with gone as (
    delete from kept_visits
    where site = $1 and received < now() - make_interval(days => $2)
    returning day
), noted as (
    insert into lost_visits (site, day)
    select $1, max(day) from gone having max(day) is not null
    on conflict (site) do update set day = greatest(lost_visits.day, excluded.day)
)
select count(*) from gone
