-- What the Annuaire de l'éducation says of establishments: denominators, and where a UAI is. Nothing
-- about people: no phone, no mail, no name of anybody.
create table establishment (
    uai          text primary key,
    name         text not null,
    kind         text not null,
    level        text not null,
    -- None where the directory does not say.
    sector       text check (sector in ('public', 'prive')),
    -- INSEE's code; none abroad.
    department   text,
    -- The ministry's code.
    academy      text not null,
    opened       date,
    -- Those that are gone from the directory are kept, closed.
    open         boolean not null
);

create index establishment_by_place on establishment (academy, department, kind) where open;
