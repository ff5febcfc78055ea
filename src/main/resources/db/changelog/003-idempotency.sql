--liquibase formatted sql

-- What was answered under an Idempotency-Key: whole (status to body) for one document, by lines for an upload of lines.
--changeset postfeed:create-idempotency-keys
create table idempotency_keys (
    key text primary key,
    created_at timestamptz not null default now(),
    fingerprint bytea not null,
    status integer,
    location text,
    etag text,
    applied text,
    body bytea
);

create index idempotency_keys_created_at_idx on idempotency_keys (created_at);

-- A batch of lines: from the line after the last batch's to the last of its own. lines has the number and the hash of each.
--changeset postfeed:create-idempotency-lines
create table idempotency_lines (
    key text not null constraint idempotency_lines_key_fkey references idempotency_keys on delete cascade,
    first_line bigint not null,
    last_line bigint not null,
    lines bytea not null,
    answers bytea not null,
    primary key (key, first_line)
);
