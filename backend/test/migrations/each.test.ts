import { createDatabase, createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { ALIGN, BASELINE, MESSAGES, migrate, STATUS, VERSION } from '../support/first-five';
import { recordsOf, SCHEMA, schemaOf } from '../support/schema';

const SESSION = '11111111-1111-4111-8111-111111111111';

/** An empty database, migrated up to and including a migration. */
const migratedTo = new Map<string, TestDatabase>();

beforeAll(async () => {
  let database = await createDatabase();
  for (const name of [BASELINE, STATUS, VERSION, MESSAGES]) {
    database = await createDatabase(database);
    await up(name, database);
    migratedTo.set(name, database);
  }
});

afterAll(() => dropDatabases());

const up = (name: string, database: TestDatabase) => migrate(database, (umzug) => umzug.up({ to: name }));
const down = (name: string, database: TestDatabase) => migrate(database, (umzug) => umzug.down(name));

/** Up, down and up again, with the schema compared at each turn. */
async function thereAndBack(name: string, database: TestDatabase) {
  const before = await schemaOf(database);
  await up(name, database);
  const after = await schemaOf(database);
  expect(await recordsOf(database)).toContain(name);
  await down(name, database);
  expect(await recordsOf(database)).not.toContain(name);
  expect(withoutRecords(await schemaOf(database))).toEqual(withoutRecords(before));
  await up(name, database);
  expect(await schemaOf(database)).toEqual(after);
  return { before, after };
}

/** The record table is there from the first migration on, and stays. */
function withoutRecords(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.includes('SequelizeMeta'));
}

const insertSession = `INSERT INTO user_sessions (session_id, project_name) VALUES ('${SESSION}', 'A project');`;
const insertSection = `INSERT INTO sections (session_id, name, "createdAt", "updatedAt") VALUES ('${SESSION}', 'goals', now(), now());`;

describe('the baseline', () => {
  it('creates both tables where there are none, and undoing it removes them while they are empty', async () => {
    const database = await createDatabase();
    const { after } = await thereAndBack(BASELINE, database);
    expect(after).toContain('user_sessions project_name character varying(255) not null');
    expect(after).toContain("sections id integer not null default nextval('sections_id_seq'::regclass)");
  });

  it('creates the tables just as the service itself does', async () => {
    const empty = await createDatabase(migratedTo.get(BASELINE));
    const service = await createDatabaseLike('1-before-the-migrations');
    const ours = (lines: string[]) => lines.filter((line) => /\b(user_sessions|sections)[ _(]/.test(line));
    const others = /questions|responses|prd_documents/;
    const theirs = ours(await schemaOf(service)).filter((line) => !others.test(line));
    expect(ours(await schemaOf(empty))).toEqual(theirs);
  });

  it('refuses a table whose primary key is another one, and does nothing', async () => {
    const database = await createDatabase();
    await database.query('CREATE TABLE user_sessions (id serial PRIMARY KEY, session_id uuid)');
    const before = await schemaOf(database);
    await expect(up(BASELINE, database)).rejects.toThrow(
      /table user_sessions: expected primary key \(session_id\), found primary key \(id\)/,
    );
    expect(await schemaOf(database)).toEqual(before);
  });
});

describe('user_sessions.status', () => {
  it('gives every session the status active', async () => {
    const database = await createDatabase(migratedTo.get(BASELINE));
    await database.query(insertSession);
    await up(STATUS, database);
    expect(await database.query('SELECT status FROM user_sessions')).toEqual([{ status: 'active' }]);
  });

  it('goes with its enum type and its index where there are no sessions: the schema is what it was', async () => {
    const database = await createDatabase(migratedTo.get(BASELINE));
    const { after } = await thereAndBack(STATUS, database);
    expect(after).toContain(
      "user_sessions status enum_user_sessions_status not null default 'active'::enum_user_sessions_status",
    );
    expect(after).toContain('enum_user_sessions_status enum active,completed,archived');
    expect(after).toContain(
      `CREATE INDEX user_sessions_status ON ${SCHEMA}.user_sessions USING btree (status)`,
    );
  });
});

describe('sections.version', () => {
  it('starts every section at version 1', async () => {
    const database = await createDatabase(migratedTo.get(STATUS));
    await database.query(insertSession + insertSection);
    await up(VERSION, database);
    expect(await database.query('SELECT version FROM sections')).toEqual([{ version: 1 }]);
  });

  it('goes where there are no sections: the schema is what it was', async () => {
    const { after } = await thereAndBack(VERSION, await createDatabase(migratedTo.get(STATUS)));
    expect(after).toContain('sections version integer not null default 1');
  });
});

describe('conversation_messages', () => {
  it('creates the table with every default, and undoing it restores the schema, enum type included', async () => {
    const database = await createDatabase(migratedTo.get(VERSION));
    await database.query(insertSession);
    const { after } = await thereAndBack(MESSAGES, database);
    expect(after.filter((line) => line.includes('conversation_messages'))).toEqual([
      `CREATE INDEX conversation_messages_created_at ON ${SCHEMA}.conversation_messages USING btree (created_at)`,
      `CREATE INDEX conversation_messages_session_id_created_at ON ${SCHEMA}.conversation_messages USING btree (session_id, created_at)`,
      `CREATE UNIQUE INDEX conversation_messages_pkey ON ${SCHEMA}.conversation_messages USING btree (id)`,
      'conversation_messages content text not null',
      'conversation_messages conversation_messages_pkey PRIMARY KEY (id)',
      'conversation_messages conversation_messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES user_sessions(session_id) ON DELETE CASCADE',
      'conversation_messages created_at timestamp with time zone not null default CURRENT_TIMESTAMP',
      'conversation_messages id uuid not null default gen_random_uuid()',
      "conversation_messages metadata jsonb not null default '{}'::jsonb",
      'conversation_messages role enum_conversation_messages_role not null',
      'conversation_messages session_id uuid not null',
      'enum_conversation_messages_role enum user,assistant,system',
    ]);
  });
});

describe('the alignment of conversation_messages', () => {
  it('finds nothing to do after the migration that creates it, and undoing it changes nothing', async () => {
    const database = await createDatabase(migratedTo.get(MESSAGES));
    await database.query(
      `${insertSession} INSERT INTO conversation_messages (session_id, role, content) VALUES ('${SESSION}', 'user', 'Hello')`,
    );
    const { before, after } = await thereAndBack(ALIGN, database);
    expect(after).toEqual(before);
    expect(await database.query('SELECT content FROM conversation_messages')).toEqual([{ content: 'Hello' }]);
  });
});

describe('all of them', () => {
  it('bring the service before the three features to the schema of a new database, with every row', async () => {
    const [empty, service] = [await createDatabase(), await createDatabaseLike('1-before-the-migrations')];
    const rowsBefore = await service.query('SELECT * FROM user_sessions ORDER BY session_id');
    await up(ALIGN, empty);
    await up(ALIGN, service);
    const foreign = /questions|responses|prd_documents/;
    expect((await schemaOf(service)).filter((line) => !foreign.test(line))).toEqual(await schemaOf(empty));
    const rowsAfter = await service.query('SELECT * FROM user_sessions ORDER BY session_id');
    expect(rowsAfter).toEqual(rowsBefore.map((row) => ({ ...row, status: 'active' })));
    expect(await service.query('SELECT version FROM sections')).toEqual(Array(3).fill({ version: 1 }));
  });

  it('each do all or nothing: where the migration log cannot be written, the change is not made', async () => {
    const database = await createDatabase(migratedTo.get(BASELINE));
    await database.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no record'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON "SequelizeMeta" FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    const before = await schemaOf(database);
    await expect(up(STATUS, database)).rejects.toThrow('no record');
    expect(await schemaOf(database)).toEqual(before);
  });
});
