-- Open establishments by FACET of the directory, for each period that is asked about.
select a.p, 0::bigint, null::text, 0::bigint, coalesce(e.FACET, ''), 0::bigint, null::text, count(*)
from (select distinct p from unnest($1::int[]) as u (p)) a
cross join establishment e
where e.open
group by a.p, 5
order by a.p, 5
