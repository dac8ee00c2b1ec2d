-- Old tickets with all that stands around one, written in bulk, outside the product's path; SQLite only.
-- old(i, at, who): the number of a ticket, its last word (one a minute, the newest 40 days ago), its requester (five tickets each).
-- recent(i, at): the few whose events and sent messages are not forgotten yet (48 hours). One ticket in a hundred waits to this day.

INSERT INTO team_channel (id, source, chat, language, threads, active) VALUES (1, 'telegram:1', '-1', 'en', 1, 0);

INSERT INTO form (id, name, digest, data, created_at) VALUES (1, 'old', 'old', '{}', 0);

INSERT INTO request_type (id, name, revision, position, kind, title, fields, priority, current)
VALUES (1, 'old', 1, 0, 'incident', '{}', '[]', 'normal', 0);

INSERT INTO person (id, name, role, created_at)
SELECT who, 'Person ' || who, 'requester', min(at) FROM old GROUP BY who;

INSERT INTO account (id, person_id, source, native, name, chat)
SELECT id, id, 'telegram:42', 9000000 + id, name, 9000000 + id FROM person;

INSERT INTO ticket (id, version, requester_id, account_id, request_type_id, form_id, summary, answers, status, kind,
                    priority, agent_id, language, unread, created_at, updated_at, talked_at, urgency)
SELECT i, 4, who, who, 1, 1, 'A summary of request ' || i, '{"contract": "12345"}', iif(i % 100, 'closed', 'open'),
       iif(i % 100, 'closed', 'open'), 'normal', 1 + i % 20, 'en', 0, at, at, at, iif(i % 100, NULL, 2) FROM old;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, who, 'register', '', 'new', '{}', at FROM old;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, 1 + i % 20, 'claim', 'new', 'open', '{}', at FROM old;

INSERT INTO message (id, ticket_id, person_id, kind, words, files, at)
SELECT i, i, who, 'follow_up', '{"text": "What happened, in the words of ' || who || '", "spans": []}', '[]', at FROM old;

INSERT INTO searchable (id, words)
SELECT i * 4096, 'summar of request ' || i || ' what happen in the word w' || i * 7919 % 20000 || ' w' || who FROM old;

INSERT INTO search_words (search_words) VALUES ('rebuild');

INSERT INTO thread (ticket_id, team_channel_id, native, title, icon)
SELECT i, 1, 100 + i, 'Person ' || who, 'closed' FROM old;

INSERT INTO card (ticket_id, team_channel_id, place, outgoing_id, look)
SELECT i, 1, 'queue', i, 'x' FROM old;

INSERT INTO post (place, native, part, message_id, at)
SELECT 'telegram:42:' || (9000000 + who), i, 0, i, at FROM old;

INSERT INTO post (place, native, part, outgoing_id, message_id, at)
SELECT 'telegram:1:-1', i, 0, i, i, at FROM old;

INSERT INTO lane (side, name, source)
SELECT 'in', 'telegram:42/' || (9000000 + id), 'telegram:42' FROM person;

INSERT INTO lane (side, name, source)
SELECT 'out', 'telegram:42:#' || i || '/1', 'telegram:42' FROM old;

INSERT INTO inbox (source, key, lane, payload, received_at, ready_at, done_at)
SELECT 'telegram:42', 100000000 + i, 'telegram:42/' || (9000000 + i), '{}', at, at, at FROM recent;

INSERT INTO outgoing (id, lane, operation, payload, state, ready_at, created_at, done_at)
SELECT i, 'telegram:42:#' || i || '/1', 'send', '{}', 'sent', at, at, at FROM recent;

ANALYZE;
