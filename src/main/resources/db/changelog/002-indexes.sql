--liquibase formatted sql

-- The newest rows page by page, without a sort of the table. The id in it makes the order total: that of a cursor.
-- None on title, content or name: PostgreSQL refuses a row whose indexed text exceeds 2,704 bytes, and other programs
-- write here too.
--changeset postfeed:index-posts-by-time
create index posts_created_at_id_idx on posts (created_at, id);

--changeset postfeed:index-users-by-time
create index users_created_at_id_idx on users (created_at, id);
