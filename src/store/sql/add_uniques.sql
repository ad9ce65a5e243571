-- add_uniques
insert into rollup_uniques (site, grain, period, visitors, users)
values ($1, $2, date '1970-01-01' + $3::int, $4, $5)
on conflict (site, grain, period) do update
set visitors = rollup_uniques.visitors + excluded.visitors,
    users = rollup_uniques.users + excluded.users
