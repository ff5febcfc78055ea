\set id random(1, :posts)
select id, title, content, user_id, created_at from posts where id = :id;
