-- kept_days
select day - date '1970-01-01', sum(octet_length(steps))::bigint
from kept_visits
where site = $1 and form = $4
    and day between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int
group by day
order by day
