-- What accounts may do, and notes on days.

-- An account that is no super user may do nothing with a site that is not listed here.
create table access (
    account      text not null references account on delete cascade,
    site         int not null references site on delete cascade,
    role         text not null check (role in ('view', 'write', 'admin')),
    primary key (account, site)
);

-- A token of an account may do what the account may; one of no account, everything.
alter table token add column account text references account on delete cascade;
alter table token add column expires timestamptz;

-- Numbers of goals are in rollups: a goal that is gone keeps its own.
alter table goal add column deleted boolean not null default false;

-- Written by the site's team about a day.
create table annotation (
    site         int not null references site on delete cascade,
    id           int not null,
    day          date not null,
    note         text not null,
    starred      boolean not null,
    author       text not null,
    primary key (site, id)
);
