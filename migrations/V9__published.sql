-- What those who are not of a site's team may see: decided once a month is over, and never again.

-- A month that was decided. Where a cell of it is not in `published`, it is secret.
create table published_month (
    site         int not null references site on delete cascade,
    month        date not null,
    decided      timestamptz not null default now(),
    primary key (site, month)
);

-- Figures as they are shown, rounded to ten already: nothing else of small numbers is here.
create table published (
    site         int not null,
    month        date not null,
    -- 0: any visit.
    feature      bigint not null,
    -- nation, region:11, academie:24, departement:94, uai:0940001A, groupe:GR4F, inconnu.
    place        text not null,
    -- Empty: everyone.
    profile      text not null,
    people       bigint not null,
    visits       bigint not null,
    uses         bigint not null,
    seconds      bigint not null,
    primary key (site, place, feature, month, profile),
    foreign key (site, month) references published_month on delete cascade
);

-- Places that an account may see published figures of, with all that is within and around them.
create table account_scope (
    account      text not null references account on delete cascade,
    site         int not null references site on delete cascade,
    place        text not null,
    primary key (account, site, place)
);
