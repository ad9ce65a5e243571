-- A national school year as rollups: what a year of hits would have left behind. Run by psql with
-- variables site, establishments, features, weeks, density, first (a Monday, the rentrée).
--
-- Cuts: 1 profile, 2 level, 3 academy, 4 device (days and months); 50 establishment, 51 establishment
-- and profile (weeks and months). Values are drawn, not counted: sizes and times are meant, not sums.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set work_mem = '512MB';
select setseed(0.42);

create temp table day as
select d::date as day, date_trunc('month', d)::date as month, date_trunc('week', d)::date as week,
       -- One week in five is a holiday, and few work at weekends.
       (case when extract(isodow from d) > 5 then 0.1 else 1 end
        * case when (d::date - :'first'::date) / 7 % 8 >= 6 then 0.05 else 1 end) as activity
from generate_series(:'first'::date, :'first'::date + :weeks * 7 - 1, interval '1 day') d;

-- Partitions, as the server makes them.
do $$
declare
    first date;
    name text;
begin
    for first in select distinct month from day union select distinct date_trunc('month', week)::date from day loop
        foreach name in array array['rollup_features', 'rollup_feature_counts', 'rollup_distinct'] loop
            execute format('create table if not exists %I partition of %I for values from (%L) to (%L) with (fillfactor = 80)',
                name || to_char(first, '_YYYY_MM'), name, first, first + interval '1 month');
        end loop;
    end loop;
end $$;

-- Features: the first are used a hundred times as often as the last.
create temp table feature as
select f as id, 0.6 / power(f, 0.8) as use from generate_series(1, :features) f;

-- Establishments of 95 départements: most are small, some very active.
create temp table establishment as
select id, label, 0.02 + 0.9 * power(random(), 4) as active from code where profile = 0;
insert into label (id, text)
select label, text from value union all select label, text from code
on conflict do nothing;

-- Everyone and the small cuts, day by day: 650 million visits a year.
create temp table part as
select 0 as cut, 0::bigint as label, 1.0 as share union all select cut, label, share from value;
insert into rollup_features
select :site, 'd', day, 100 + cut, 0, label, 0, n, (n * 0.8)::bigint, 0, 0, 0
from (select *, (650e6 / 365 * activity * share * (0.7 + 0.6 * random()))::bigint as n from day cross join part) x;
insert into rollup_features
select :site, 'd', day, 100 + cut, id, label, 0, n, (n * 0.8)::bigint, n * 3, n * 2, n * 2 * 40000000
from (select day, cut, label, id, (650e6 / 365 * activity * share * use * (0.7 + 0.6 * random()))::bigint as n
      from day cross join part cross join feature) x
where n > 0;
insert into rollup_feature_counts
select :site, 'd', day, measure * 100 + cut, id, label, leaf, 1 + (random() * 1000)::bigint
from day cross join part cross join feature cross join (
    select 1 as measure, leaf from unnest(array[1, 2, 3, 4, 5, 6, 11, 21]) leaf
    union all select 2, leaf from unnest(array[1, 2, 3, 4, 5, 6, 11, 21]) leaf
    union all select 3, leaf from generate_series(0, 90, 3) leaf
    union all select 4, leaf from generate_series(7, 19) leaf) buckets
where activity > 0.5;
insert into rollup_feature_counts
select :site, 'd', day, 500 + cut, a.id, label, b.id, 1 + (random() * 1000)::bigint
from day cross join part join feature a on true join feature b on b.id > a.id
where activity > 0.5 and random() < a.use * b.use * 8;
insert into rollup_feature_counts
select :site, 'd', day, 600 + cut, funnel, label, step, (1000.0 / step)::bigint
from day cross join part cross join generate_series(1, 2) funnel cross join generate_series(1, 3) step
where activity > 0.5;

-- Establishments, and their profiles, week by week.
create temp table week as select week, sum(activity) / 5 as activity from day group by week;
create temp table active as
select week, e.label as establishment, c.label, least(1, e.active * activity * (0.6 + c.share)) as active
from establishment e join code c on c.id = e.id and c.profile > 0
cross join week
where random() < e.active * activity * (0.4 + c.share);
insert into rollup_features
select :site, 'w', week, 151, f.id, label, 0, n, n, n * 3, n * 2, n * 2 * 40000000
from active cross join feature f cross join lateral (select (1 + 60 * active * random())::bigint as n) x
where random() < f.use * active * :density
-- Sorted as the index is, which grows at its end then.
order by week, f.id, label;
insert into rollup_features
select :site, 'w', week, 151, 0, label, 0, 1 + (100 * active)::bigint, 1 + (60 * active)::bigint, 0, 0, 0
from active order by week, label;

-- The cut by establishment alone is the sum of its profiles.
insert into rollup_features
select r.site, r.grain, r.period, 150, r.value, e.label, 0,
       sum(visits), sum(visitors), sum(uses), sum(timed), sum(seconds)
from rollup_features r
join code c on c.label = r.sub and c.profile > 0
join establishment e on e.id = c.id
where r.site = :site and r.grain = 'w' and r.subject = 151 group by 1, 2, 3, 5, 6
order by 3, 5, 6;

-- Months are sums of days and, nearly, of weeks.
insert into rollup_features
select site, 'm', date_trunc('month', period)::date, subject, value, sub, leaf,
       sum(visits), sum(visitors), sum(uses), sum(timed), sum(seconds)
from rollup_features where site = :site and grain in ('d', 'w') group by 1, 3, 4, 5, 6, 7
order by 4, 3, 5, 6, 7;
insert into rollup_feature_counts
select site, 'm', date_trunc('month', period)::date, subject, value, sub, leaf, sum(n)
from rollup_feature_counts where site = :site and grain = 'd' group by 1, 3, 4, 5, 6, 7
order by 4, 3, 5, 6, 7;

-- Distinct visitors of weeks and months, and their days of use.
insert into rollup_distinct
select site, grain, period, subject, value, sub, days, greatest(1, visitors * (array[0.8, 0.5, 0.2, 0.1])[days + 1])::bigint, 5, 300
from rollup_features cross join generate_series(0, 3) days
where site = :site and grain in ('w', 'm') and (subject < 150 or days < 2)
order by grain, subject, period, value, sub, days;
insert into rollup_distinct
select site, 'w', date_trunc('week', period)::date, subject, value, sub, days,
       greatest(1, sum(visitors) * (array[0.8, 0.5, 0.2, 0.1])[days + 1])::bigint, 5, 300
from rollup_features cross join generate_series(0, 3) days
where site = :site and grain = 'd' group by 1, 3, 4, 5, 6, 7;
analyze;
