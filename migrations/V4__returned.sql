-- Devices that told whether they were used before, as counts of buckets: how many were used on a
-- day, and how many for the first time in the week, the month, the school year that it lies in.
-- Nothing here, nor in the journal, is about one device.
create table rollup_returned (
    site int not null, grain "char" not null, period date not null, subject smallint not null,
    value bigint not null, sub bigint not null, leaf bigint not null,
    n bigint not null,
    primary key (site, grain, subject, period, value, sub, leaf)
) partition by range (period);
