-- Establishments with a visit (value 0) or a use, by FACET of the directory; of those that it does not
-- know to be open, or of which it does not say it, under no text.
select x.p, x.v, null::text, 0::bigint, coalesce(e.FACET, ''), 0::bigint, null::text, count(*)
from (
    select a.p, r.value as v, r.sub as s
    from unnest($2::int[], $3::text[], $4::int[], $5::int[]) as a (p, grain, lo, hi)
    join rollup_features r on r.site = $1 and r.subject = $6 and r.grain = a.grain::"char"
        and r.period between date '1970-01-01' + a.lo and date '1970-01-01' + a.hi
        and r.value = any($7::bigint[])
    where r.sub <> 0
    group by a.p, r.value, r.sub
    having sum(r.visits) > 0
) x
left join label s on s.id = x.s
left join establishment e on e.uai = s.text and e.open
group by x.p, x.v, 5
order by x.p, x.v, 5
