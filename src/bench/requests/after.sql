\set id random(0, :posts - 20)
select id, title, content, user_id, created_at from posts where id > :id order by id limit 20;
