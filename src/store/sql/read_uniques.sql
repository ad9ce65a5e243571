-- read_uniques
select a.p, sum(u.visitors)::bigint, sum(u.users)::bigint
from unnest($2::int[], $3::text[], $4::int[], $5::int[]) as a (p, grain, lo, hi)
cross join lateral (
    select * from rollup_uniques r where r.site = $1 and r.grain = a.grain::"char"
        and r.period between date '1970-01-01' + a.lo and date '1970-01-01' + a.hi offset 0
) u
group by a.p
order by a.p
