-- make_series
insert into segment_series (segment, site, since)
select s.id, u.site, date '1970-01-01' + u.day
from segment s join unnest($1::int[], $2::int[]) as u (site, day) on s.site is null or s.site = u.site
where not exists (select from segment_series r where r.segment = s.id and r.site = u.site)
on conflict (segment, site) do nothing
