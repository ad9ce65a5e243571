-- Writes establishments, and tells how many were new and how many changed.
with given as (
    select * from unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::bool[]
    ) as it (uai, name, kind, level, sector, department, academy, opened, open)
), saved as (
    insert into establishment as known (uai, name, kind, level, sector, department, academy, opened, open)
    select uai, name, kind, level, sector, department, academy, date '1970-01-01' + opened, open
    from given order by uai
    on conflict (uai) do update set
        name = excluded.name, kind = excluded.kind, level = excluded.level, sector = excluded.sector,
        department = excluded.department, academy = excluded.academy, opened = excluded.opened,
        open = excluded.open
    where (known.name, known.kind, known.level, known.sector, known.department, known.academy, known.opened, known.open)
        is distinct from
        (excluded.name, excluded.kind, excluded.level, excluded.sector, excluded.department, excluded.academy, excluded.opened, excluded.open)
    returning xmax = 0 as new
)
select count(*) filter (where new), count(*) filter (where not new) from saved
