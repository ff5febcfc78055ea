\set user random(1, :users)
insert into posts (title, content, user_id)
values ('Post number 1234567', 'The quick brown fox jumps over the lazy dog, and over the next one, and over all of them. The quick brown fox jumps over the lazy dog, and over the next', :user)
returning id, title, content, user_id, created_at;
