import { keyForm, visibleForm } from '../domain/key-form.ts';
import { AppError } from '../errors.ts';
import type { Connection } from './open.ts';
import { searchTextOf } from './search-text.ts';

/** In order, for ever: a step that was released is never changed, only followed by another. `user_version` counts them. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,               -- random, so that it tells nothing once the person is erased
    reference TEXT NOT NULL UNIQUE,
    external_id TEXT NOT NULL,
    username TEXT NOT NULL,               -- as HelloID wants it
    username_key TEXT NOT NULL,           -- the same without regard to case
    delivered_username TEXT,              -- as Spend Cloud got it last; NULL: never
    delivered_key TEXT,
    delivered_at TEXT,
    delivered_run INTEGER,
    accepted_username TEXT,               -- a changed username that an operator let through
    delivered_external_id TEXT,           -- the same for the number, where Spend Cloud matches on it
    accepted_external_id TEXT,
    incomplete_contracts TEXT NOT NULL DEFAULT '[]', -- JSON: contracts in conditions that name no unit or no profile
    email TEXT,
    email_key TEXT,
    first_name TEXT,
    prefix TEXT,
    last_name TEXT,
    gender TEXT,
    extra TEXT NOT NULL,                  -- JSON object: the fields that connector.json adds
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    touched_at TEXT NOT NULL,             -- HelloID's last action, also without a change
    deleted_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX accounts_living_external_id ON accounts (external_id) WHERE deleted_at IS NULL;
  CREATE UNIQUE INDEX accounts_living_username ON accounts (username_key) WHERE deleted_at IS NULL;
  CREATE INDEX accounts_deleted_external_id ON accounts (external_id, deleted_at) WHERE deleted_at IS NOT NULL;
  CREATE INDEX accounts_living_delivered ON accounts (delivered_key) WHERE deleted_at IS NULL AND delivered_key IS NOT NULL;
  CREATE INDEX accounts_email ON accounts (email_key) WHERE email_key IS NOT NULL;

  CREATE TABLE roles (
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    owner TEXT NOT NULL CHECK (owner IN ('account', 'permissions', 'catalogue')),
    permission TEXT NOT NULL,
    contract TEXT NOT NULL,
    unit TEXT,
    unit_code TEXT,
    profile TEXT,
    profile_code TEXT,
    start_date TEXT,
    end_date TEXT,
    PRIMARY KEY (account, owner, permission, contract)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE delivered_usernames (      -- who ever stood in a delivered file under which name
    username_key TEXT NOT NULL,
    account INTEGER NOT NULL,
    delivered_at TEXT NOT NULL,
    PRIMARY KEY (username_key, account)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE allowed_usernames (        -- a former holder's name that one number may have
    username_key TEXT NOT NULL,
    external_id TEXT NOT NULL,
    allowed_at TEXT NOT NULL,
    PRIMARY KEY (username_key, external_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (                    -- the chain; its rowid is the entry number
    entry INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    account INTEGER,
    digest TEXT NOT NULL,                 -- SHA-256 of the salted detail
    hash TEXT NOT NULL                    -- SHA-256 of this row and the hash before it
  ) STRICT;
  CREATE INDEX audit_account ON audit (account, entry) WHERE account IS NOT NULL;
  CREATE TRIGGER audit_keeps_entries BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

  CREATE TABLE audit_detail (             -- the personal part of an entry
    entry INTEGER PRIMARY KEY REFERENCES audit (entry),
    salt TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_detail_keeps_entries BEFORE DELETE ON audit_detail BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_detail_keeps_values BEFORE UPDATE ON audit_detail BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    due_at TEXT UNIQUE,                   -- NULL: asked for by hand
    trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'manual')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'rendering', 'held', 'blocked', 'delivering', 'failed', 'delivered', 'discarded', 'superseded')),
    destination TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    files TEXT NOT NULL DEFAULT '[]',     -- JSON: name, rows, bytes, sha256
    effect TEXT,                          -- JSON: the numbers
    who TEXT,                             -- JSON: the people behind them, a personal part
    findings TEXT NOT NULL DEFAULT '[]',
    reasons TEXT NOT NULL DEFAULT '[]',
    decisions TEXT NOT NULL DEFAULT '[]', -- JSON: who decided what, when and why
    retry_at TEXT                         -- when a failed run goes on by itself; NULL: not before somebody says so
  ) STRICT;
  CREATE INDEX runs_state ON runs (state);

  CREATE TABLE attempts (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    renaming_at TEXT,                     -- both temporaries were proven: from here on the far side knows the outcome
    finished_at TEXT,
    error TEXT,                           -- NULL with finished_at: it arrived
    PRIMARY KEY (run, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seen_findings (            -- what an operator has looked at
    code TEXT NOT NULL,
    reference TEXT NOT NULL,              -- empty for a finding about nobody in particular
    message TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    seen_by TEXT NOT NULL,
    PRIMARY KEY (code, reference, message)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE facts (                    -- single values that outlive a restart
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX roles_permission ON roles (owner, permission, account);

  CREATE TABLE resources (                -- departments and titles that HelloID knows
    kind TEXT NOT NULL CHECK (kind IN ('unit', 'profile')),
    code TEXT NOT NULL,
    name TEXT,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,                -- when HelloID named it last
    PRIMARY KEY (kind, code)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Look-ups in the trail. What is personal is computed from the detail, so that it leaves the file together with it;
  -- where the detail was tampered with, it must stay readable for the verification.
  ALTER TABLE audit_detail ADD COLUMN reference TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(detail) THEN detail ->> 'reference' END) VIRTUAL;
  ALTER TABLE audit_detail ADD COLUMN external_id TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(detail) THEN detail ->> 'externalId' END) VIRTUAL;
  CREATE INDEX audit_detail_reference ON audit_detail (reference) WHERE reference IS NOT NULL;
  CREATE INDEX audit_detail_external_id ON audit_detail (external_id) WHERE external_id IS NOT NULL;
  CREATE INDEX audit_at ON audit (at);
  CREATE INDEX audit_kind ON audit (kind, at);

  CREATE TABLE audit_erased (             -- which details were rewritten without their personal values, and by which entry of the trail
    record INTEGER NOT NULL REFERENCES audit (entry),
    entry INTEGER NOT NULL REFERENCES audit (entry),
    digest TEXT NOT NULL,                 -- of the detail that is left; the record's own detail holds the digest of all its rows here
    PRIMARY KEY (record, entry)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX audit_erased_entry ON audit_erased (entry, record);
  CREATE TRIGGER audit_erased_keeps_entries BEFORE DELETE ON audit_erased BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_erased_keeps_values BEFORE UPDATE ON audit_erased BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  DROP TRIGGER audit_detail_keeps_values;
  CREATE TRIGGER audit_detail_keeps_values BEFORE UPDATE ON audit_detail
    WHEN NEW.entry <> OLD.entry OR NOT EXISTS (SELECT 1 FROM audit_erased WHERE entry = OLD.entry)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  `,
  `
  ALTER TABLE accounts ADD COLUMN reduced_at TEXT; -- when a deleted person's name, e-mail address and gender were erased
  CREATE INDEX accounts_to_reduce ON accounts (deleted_at) WHERE deleted_at IS NOT NULL AND reduced_at IS NULL;

  CREATE TABLE erased_usernames (         -- of erased persons: keyed digests of the usernames Spend Cloud knew them by, and of their numbers
    username_digest TEXT NOT NULL,
    number_digest TEXT NOT NULL,
    PRIMARY KEY (username_digest, number_digest)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE erased_references (        -- the same of their references, which HelloID may still hold: no new account gets one of them
    digest TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- For people at the dashboard: searching while they type, and numbers that are asked for every few seconds.
  ALTER TABLE accounts ADD COLUMN search_text TEXT NOT NULL DEFAULT ''; -- what people search, in lower case and without marks
  UPDATE accounts SET search_text = search_text_of(reference, external_id, username, email, first_name, prefix, last_name);
  CREATE INDEX accounts_search ON accounts ((deleted_at IS NULL), external_id, search_text);
  -- Whoever changes or erases a value and does not think of the search leaves nothing of the old one in it.
  CREATE TRIGGER accounts_search_follows AFTER UPDATE OF reference, external_id, username, email, first_name, prefix, last_name ON accounts
    WHEN NEW.search_text = OLD.search_text
      AND (NEW.reference, NEW.external_id, NEW.username, NEW.email, NEW.first_name, NEW.prefix, NEW.last_name)
        IS NOT (OLD.reference, OLD.external_id, OLD.username, OLD.email, OLD.first_name, OLD.prefix, OLD.last_name)
    BEGIN
      UPDATE accounts SET search_text = lower(reference || char(10) || external_id || char(10) || username || char(10) || coalesce(email, '')
        || char(10) || coalesce(first_name, '') || char(10) || coalesce(prefix, '') || char(10) || coalesce(last_name, ''))
      WHERE id = NEW.id;
    END;

  CREATE INDEX accounts_disabled ON accounts (id) WHERE deleted_at IS NULL AND enabled = 0;
  CREATE INDEX accounts_other_username ON accounts (id) WHERE deleted_at IS NULL AND delivered_username <> username;
  CREATE INDEX accounts_other_external_id ON accounts (id) WHERE deleted_at IS NULL AND delivered_external_id <> external_id;
  CREATE INDEX runs_delivered ON runs (finished_at, id) WHERE state = 'delivered';
  `,
  `
  -- Only HelloID's imports look for who holds a permission, and never for the roles that its account actions bring.
  DROP INDEX roles_permission;
  CREATE INDEX roles_granted ON roles (owner, permission, account) WHERE owner <> 'account';
  `,
  `
  -- Files that say who is not active any more.
  ALTER TABLE accounts ADD COLUMN inactive_at TEXT; -- since when the person is disabled or deleted; NULL: active
  ALTER TABLE accounts ADD COLUMN closed_at TEXT;   -- when a delivery said first that the delivered username is not active; NULL: none did
  UPDATE accounts SET inactive_at = coalesce(deleted_at, changed_at) WHERE deleted_at IS NOT NULL OR enabled = 0;
  CREATE INDEX accounts_inactive ON accounts (inactive_at) WHERE inactive_at IS NOT NULL;
  -- account 0: of a person whom HelloID did not manage
  ALTER TABLE delivered_usernames ADD COLUMN username TEXT;  -- as it was delivered; NULL: by a release that kept only its key
  ALTER TABLE delivered_usernames ADD COLUMN closed_at TEXT; -- when a delivery said first that it is not active
  UPDATE delivered_usernames SET username = (SELECT delivered_username FROM accounts
    WHERE accounts.id = delivered_usernames.account AND accounts.delivered_key = delivered_usernames.username_key);
  `,
  `
  -- People of the earlier connector, and whether its codes were those that roles.unit.code and roles.profile.code read.
  ALTER TABLE accounts ADD COLUMN roles_taken_over_at TEXT; -- NULL: never taken over, or contracts have replaced the roles since
  UPDATE accounts SET roles_taken_over_at = (SELECT min(at) FROM audit WHERE account = accounts.id AND kind = 'import-legacy')
    WHERE EXISTS (SELECT 1 FROM roles WHERE account = accounts.id AND owner = 'account')
      AND NOT EXISTS (SELECT 1 FROM roles WHERE account = accounts.id AND (owner = 'permissions' OR contract <> ''));

  CREATE TABLE compared_codes (           -- what the first contracts after the take-over said
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('unit', 'profile')),
    path TEXT NOT NULL,                   -- the setting of that time
    match TEXT NOT NULL CHECK (match IN ('configured', 'other', 'both', 'neither')),
    compared_at TEXT NOT NULL,
    PRIMARY KEY (account, kind)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Keys are compared as a reader sees them: without blanks at the ends and without invisible characters. Where two living accounts
  -- differed by those alone, the second keeps its key as it was: no account may stand in the way of an upgrade.
  ALTER TABLE accounts ADD COLUMN external_id_key TEXT NOT NULL DEFAULT '';
  UPDATE accounts SET external_id_key = visible_form_of(external_id);
  UPDATE OR IGNORE accounts SET username_key = key_form_of(username) WHERE username_key <> key_form_of(username);
  UPDATE accounts SET delivered_key = key_form_of(delivered_username) WHERE delivered_key <> key_form_of(delivered_username);
  UPDATE accounts SET email_key = nullif(key_form_of(email), '') WHERE email_key <> key_form_of(email);
  UPDATE OR IGNORE delivered_usernames SET username_key = key_form_of(username_key) WHERE username_key <> key_form_of(username_key);
  UPDATE OR IGNORE allowed_usernames SET username_key = key_form_of(username_key), external_id = visible_form_of(external_id)
    WHERE username_key <> key_form_of(username_key) OR external_id <> visible_form_of(external_id);
  CREATE INDEX accounts_external_id_key ON accounts (external_id_key, deleted_at);

  -- Numbers that change hands.
  ALTER TABLE accounts ADD COLUMN called_for TEXT; -- Person.ExternalId of HelloID's last call that gave the account something
  ALTER TABLE accounts ADD COLUMN renewed_at TEXT; -- when a deleted account's number was given free for somebody else
  CREATE INDEX accounts_called_for ON accounts (called_for) WHERE called_for IS NOT NULL AND deleted_at IS NULL;
  CREATE TABLE former_numbers (           -- numbers that an account had, or was called for, before others
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('external-id', 'called-for')),
    number TEXT NOT NULL,
    last_at TEXT NOT NULL,                -- when it was left for another
    PRIMARY KEY (account, kind, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE delivered_numbers (        -- which account ever stood in a delivered file under which number
    number_key TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    delivered_at TEXT NOT NULL,
    PRIMARY KEY (number_key, account)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivered_numbers_account ON delivered_numbers (account);
  INSERT INTO delivered_numbers (number_key, account, delivered_at)
    SELECT visible_form_of(delivered_external_id), id, coalesce(delivered_at, changed_at) FROM accounts WHERE delivered_external_id IS NOT NULL;

  -- Leavers whose access stayed; gone from here with the detail of their entry.
  ALTER TABLE audit_detail ADD COLUMN leaver TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(detail) AND detail ->> 'outcome' IN ('unknown-leaver', 'other-number') THEN detail ->> 'outcome' END) VIRTUAL;
  CREATE INDEX audit_detail_leaver ON audit_detail (leaver, entry) WHERE leaver IS NOT NULL;
  `,
  `
  ALTER TABLE runs ADD COLUMN measured TEXT; -- JSON: what the guards looked at; NULL where nothing was delivered before

  -- Nobody keeps access unnoticed.
  CREATE TABLE without_contracts (        -- whose roles stayed because HelloID's calls, one after the other, carried no contracts
    account INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    calls INTEGER NOT NULL,
    since TEXT NOT NULL                   -- of the first of them
  ) STRICT;
  CREATE TABLE accepted_findings (        -- kinds of findings that are no message until a day, because a person said so
    code TEXT PRIMARY KEY,
    until TEXT NOT NULL,                  -- the last day
    accepted_at TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE accepted_also (            -- lines of also.persons that may give access back to somebody who was deleted
    username_digest TEXT PRIMARY KEY,     -- keyed, so that it may stay when that person is erased
    accepted_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- INSERT OR REPLACE removes the row that is there, and meets the triggers on deletion only where a connection has made them recursive.
  CREATE TRIGGER audit_keeps_numbers BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE entry = NEW.entry)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_detail_keeps_numbers BEFORE INSERT ON audit_detail WHEN EXISTS (SELECT 1 FROM audit_detail WHERE entry = NEW.entry)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_erased_keeps_numbers BEFORE INSERT ON audit_erased
    WHEN EXISTS (SELECT 1 FROM audit_erased WHERE record = NEW.record AND entry = NEW.entry)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  `,
];

/** The version that this program brings every database to. */
export const newestVersion = migrations.length;

/** Brings a database to this program's version, or to an earlier one that a test asks for, each step whole or not at all. */
export function migrate(db: Connection, wanted = newestVersion): void {
  const version = () => db.pragma('user_version', { simple: true }) as number;
  const step = db.transaction(() => {
    refuseNewer(version());
    const next = migrations[version()];
    if (next === undefined) return false;
    db.exec(next);
    db.pragma(`user_version = ${version() + 1}`);
    return true;
  });
  refuseNewer(version());
  const text = (form: (value: string) => string) => (value: unknown) =>
    typeof value === 'string' ? form(value) : null;
  db.function('visible_form_of', text(visibleForm));
  db.function('key_form_of', text(keyForm));
  db.function('search_text_of', { varargs: true }, (...values) => searchTextOf(...(values as (string | null)[])));
  while (version() < wanted) step.immediate();
}

function refuseNewer(version: number): void {
  if (version <= migrations.length) return;
  throw new AppError(
    'invalid-settings',
    `The database is of version ${version}, made by a newer release of the connector; this one knows up to ${migrations.length}. Install the newer release, or restore a backup from before the upgrade`,
  );
}
