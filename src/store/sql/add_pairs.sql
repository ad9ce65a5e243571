insert into label (id, text)
select pair.id, coalesce(first.text, '') || $4 || coalesce(second.text, '')
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as pair (id, first, second)
left join label first on first.id = pair.first
left join label second on second.id = pair.second
on conflict do nothing
