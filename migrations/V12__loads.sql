-- How long pages took to load, one row a page in place of one a phase: a view wrote 21 rows for each
-- period, now 5. Subjects and values as in rollup_timings. Milliseconds; network_n: how often it was told,
-- network: the sum.
create table rollup_loads (
    site int not null, grain "char" not null, period date not null, subject smallint not null,
    value bigint not null, sub bigint not null, leaf bigint not null,
    network_n bigint not null, network bigint not null,
    server_n bigint not null, server bigint not null,
    transfer_n bigint not null, transfer bigint not null,
    dom_processing_n bigint not null, dom_processing bigint not null,
    dom_completion_n bigint not null, dom_completion bigint not null,
    on_load_n bigint not null, on_load bigint not null,
    -- Views that told any phase, and all they told.
    whole_n bigint not null, whole bigint not null,
    primary key (site, grain, subject, period, value, sub, leaf)
) partition by range (period);

-- The shortest and the longest. Where a phase was never told: the ends of the type's range.
create table rollup_load_bounds (
    site int not null, grain "char" not null, period date not null, subject smallint not null,
    value bigint not null, sub bigint not null, leaf bigint not null,
    network_least bigint not null, network_most bigint not null,
    server_least bigint not null, server_most bigint not null,
    transfer_least bigint not null, transfer_most bigint not null,
    dom_processing_least bigint not null, dom_processing_most bigint not null,
    dom_completion_least bigint not null, dom_completion_most bigint not null,
    on_load_least bigint not null, on_load_most bigint not null,
    primary key (site, grain, subject, period, value, sub, leaf)
) partition by range (period);

-- Partitions as the server makes them.
do $$
declare
    first date;
    name text;
begin
    for first in select distinct date_trunc('month', period)::date from rollup_timings loop
        foreach name in array array['rollup_loads', 'rollup_load_bounds'] loop
            execute format('create table %I partition of %I for values from (%L) to (%L) with (fillfactor = 80)',
                name || to_char(first, '_YYYY_MM'), name, first, first + interval '1 month');
        end loop;
    end loop;
end $$;

insert into rollup_loads
select site, grain, period, subject, value, sub, 0,
       coalesce(sum(n) filter (where leaf = 1), 0), coalesce(sum(sum) filter (where leaf = 1), 0),
       coalesce(sum(n) filter (where leaf = 2), 0), coalesce(sum(sum) filter (where leaf = 2), 0),
       coalesce(sum(n) filter (where leaf = 3), 0), coalesce(sum(sum) filter (where leaf = 3), 0),
       coalesce(sum(n) filter (where leaf = 4), 0), coalesce(sum(sum) filter (where leaf = 4), 0),
       coalesce(sum(n) filter (where leaf = 5), 0), coalesce(sum(sum) filter (where leaf = 5), 0),
       coalesce(sum(n) filter (where leaf = 6), 0), coalesce(sum(sum) filter (where leaf = 6), 0),
       coalesce(sum(n) filter (where leaf = 7), 0), coalesce(sum(sum) filter (where leaf = 7), 0)
from rollup_timings group by 1, 2, 3, 4, 5, 6;
insert into rollup_load_bounds
select site, grain, period, subject, value, sub, 0,
       coalesce(min(least) filter (where leaf = 1), 9223372036854775807), coalesce(max(most) filter (where leaf = 1), -9223372036854775808),
       coalesce(min(least) filter (where leaf = 2), 9223372036854775807), coalesce(max(most) filter (where leaf = 2), -9223372036854775808),
       coalesce(min(least) filter (where leaf = 3), 9223372036854775807), coalesce(max(most) filter (where leaf = 3), -9223372036854775808),
       coalesce(min(least) filter (where leaf = 4), 9223372036854775807), coalesce(max(most) filter (where leaf = 4), -9223372036854775808),
       coalesce(min(least) filter (where leaf = 5), 9223372036854775807), coalesce(max(most) filter (where leaf = 5), -9223372036854775808),
       coalesce(min(least) filter (where leaf = 6), 9223372036854775807), coalesce(max(most) filter (where leaf = 6), -9223372036854775808)
from rollup_timings where subject <> 0 and leaf < 7 group by 1, 2, 3, 4, 5, 6;
drop table rollup_timings;
