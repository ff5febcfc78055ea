-- Users up to number :users and posts up to number :posts; a post has about 260 bytes of JSON. No triggers: the foreign key holds as it is.
set session_replication_role = replica;
insert into users (name, email)
select 'User ' || n, 'user' || n || '@example.com'
from generate_series((select count(*) from users) + 1, :users) n;
insert into posts (title, content, user_id, created_at)
select 'Post number ' || n,
    'The quick brown fox jumps over the lazy dog, and over the next one, and over all of them. ' || md5(n::text) || ' quick and brown jumps.',
    1 + n * 7919 % :users, timestamptz '2026-01-01 00:00:00.000001+00' + n * interval '1.000037 s'
from generate_series((select count(*) from posts) + 1, :posts) n;
vacuum (freeze, analyze) users, posts;
checkpoint;
