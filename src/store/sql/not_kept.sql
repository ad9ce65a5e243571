-- not_kept: the latest day with visits of which none is kept, or of which some were dropped
select greatest(
    (select max(r.period) from rollup_visits r
     where r.site = $1 and r.grain = 'd' and r.subject = 0 and r.visits > 0
        and r.period between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int
        and not exists (select from kept_visits k where k.site = $1 and k.day = r.period and k.form = $4)),
    (select max(r.period) from rollup_visits r join lost_visits l on l.site = r.site
     where r.site = $1 and r.grain = 'd' and r.subject = 0 and r.visits > 0 and r.period <= l.day
        and r.period between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int)
) - date '1970-01-01'
