--liquibase formatted sql

-- Which ids of posts had been drawn on each timeline of the server. Positions without a timeline's number are of the first one; those
-- that were given before there was this table, on whatever timeline, are good up to the id that had been drawn by then.
--changeset postfeed:create-feed-timelines
create table feed_timelines (
    timeline integer primary key,
    drawn bigint not null
);

insert into feed_timelines
select 1, coalesce(pg_sequence_last_value(pg_get_serial_sequence('posts', 'id')::regclass), 0);
