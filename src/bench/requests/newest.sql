select id, title, content, user_id, created_at from posts order by id desc limit 20;
