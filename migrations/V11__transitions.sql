-- Which steps follow each other within visits, and where visits of an entry page came from.
-- Subjects 1 (addresses) and 2 (titles): value: label of the step before, sub: label of the step after,
-- leaf: their kind (1 page to page, 2 page to search, 3 page to download, 4 page to outlink, 5 search to
-- page). Subjects 3 (addresses) and 4 (titles): value: label of the entry page, sub: label of what is
-- known of the referrer (0: nothing), leaf: its kind.
create table rollup_transitions (
    site int not null, grain "char" not null, period date not null, subject smallint not null,
    value bigint not null, sub bigint not null, leaf bigint not null,
    n bigint not null,
    primary key (site, grain, subject, period, value, sub, leaf)
) partition by range (period);
