-- Visitors of a day by the day they had come before in the same school year (sub: days since 1970; 0: they
-- had not come). Those whose day before lies before a range of days are the range's visitors. Days alone.
create table rollup_recency (
    site int not null, grain "char" not null, period date not null, subject smallint not null,
    value bigint not null, sub bigint not null, leaf bigint not null,
    n bigint not null,
    primary key (site, grain, subject, period, value, sub, leaf)
) partition by range (period);
