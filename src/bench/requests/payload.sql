-- :rows more posts with so many :characters each, which do not compress much.
set session_replication_role = replica;
with text as materialized (
    select left(string_agg(md5(part::text), ''), :characters) as characters
    from generate_series(1, ceil(:characters / 32.0)::int) part)
insert into posts (title, content)
select 'Post number ' || n, substr(characters, n) || left(characters, n - 1)
from text, generate_series(1, :rows) n;
vacuum (analyze) posts;
checkpoint;
