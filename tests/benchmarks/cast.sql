-- The statements of a vote cast through the API, one for one: tests/voting/test_cast_statements.py compares them with a real cast's.
-- pgbench -n -M prepared -D ready=0 -f cast.sql, on a database where at least as many residents have cast as there are clients.
\if :ready = 0
SELECT token_digest FROM session ORDER BY token_digest OFFSET :client_id LIMIT 1 \gset
SELECT sign_in_digest, process_id FROM electoral_roll ORDER BY sign_in_digest OFFSET :client_id LIMIT 1 \gset
SELECT draft_pseudonym FROM ballot_draft ORDER BY draft_pseudonym OFFSET :client_id LIMIT 1 \gset
SELECT pseudonym, nonce, commitment, sealed FROM ballot_box ORDER BY pseudonym OFFSET :client_id LIMIT 1 \gset
\set ready 1
\endif
BEGIN;
SELECT account.id, account.email, account.sign_in_digest, account.name, account.language, account.birth_year, account.created_at, (SELECT jsonb_agg(jsonb_build_array(team_member.role, team_member.process_id)) AS jsonb_agg_1 FROM team_member WHERE team_member.account_id = account.id) AS anon_1, puntari_now() AS puntari_now_1 FROM account JOIN session ON session.account_id = account.id AND session.token_digest = :token_digest::BYTEA AND session.expires_at > puntari_now();
select roll.process_id is not null as opened, roll.area_id, draft.sealed as draft, box.nonce, box.commitment, (select closes_at from phase where process_id = :process_id::UUID and 'vote' = any (activities) and opens_at <= puntari_now() and puntari_now() < closes_at) as closes_at from (select) as nobody left join electoral_roll as roll on roll.process_id = :process_id::UUID and roll.sign_in_digest = :sign_in_digest::BYTEA left join ballot_draft as draft on draft.draft_pseudonym = :draft_pseudonym::BYTEA left join ballot_box as box on box.process_id = :process_id::UUID and box.pseudonym = :pseudonym::BYTEA;
insert into ballot_box (process_id, pseudonym, nonce, commitment, sealed) select :process_id::UUID, :pseudonym::BYTEA, :nonce::BYTEA, :commitment::BYTEA, :sealed::BYTEA where exists (select closes_at from phase where process_id = :process_id::UUID and 'vote' = any (activities) and opens_at <= puntari_now() and puntari_now() < closes_at) on conflict (process_id, pseudonym) do update set nonce = excluded.nonce, commitment = excluded.commitment, sealed = excluded.sealed;
COMMIT;
