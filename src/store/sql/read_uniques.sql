-- read_uniques
select a.p, 0::bigint, null::text, 0::bigint, null::text, 0::bigint, null::text,
       sum(u.visitors)::bigint, sum(u.users)::bigint
from unnest($2::int[], $3::text[], $4::int[], $5::int[]) as a (p, grain, lo, hi)
join rollup_uniques u on u.site = $1 and u.grain = a.grain::"char"
    and u.period between date '1970-01-01' + a.lo and date '1970-01-01' + a.hi
group by a.p
order by a.p
