-- move_position
insert into journal_position (single, segment, byte)
values (true, $1, $2)
on conflict (single) do update set segment = excluded.segment, byte = excluded.byte
