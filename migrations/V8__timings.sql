-- How long pages took to load: value: label of the page (subject 1: address, 2: title) or 0 (subject 0:
-- all pages); leaf: the phase, 1 network, 2 server, 3 transfer, 4 DOM processing, 5 DOM completion,
-- 6 onload, 7 their sum. Milliseconds.
create table rollup_timings (
    site int not null, grain "char" not null, period date not null, subject smallint not null,
    value bigint not null, sub bigint not null, leaf bigint not null,
    n bigint not null,
    sum bigint not null,
    least bigint not null,
    most bigint not null,
    primary key (site, grain, subject, period, value, sub, leaf)
) partition by range (period);
