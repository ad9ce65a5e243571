-- Open establishments by FACET of the directory, for each period that is asked about.
select a.p, coalesce(e.FACET, ''), count(*)
from (select distinct p from unnest($1::int[]) as u (p)) a
cross join establishment e
where e.open
group by a.p, 2
order by a.p, 2
