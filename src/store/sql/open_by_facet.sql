-- Open establishments, and what the directory says of each.
select uai, coalesce(FACET, '') from establishment where open
