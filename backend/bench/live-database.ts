import { createDatabase, type TestDatabase } from '../test/support/database';

/** The id of the `n`th session, the same in every run, so that the application can query it. */
export const sessionId = (n: string) => `md5((${n})::text)::uuid`;

/** A database of the application before the migrations, with so many rows in each of the two tables. */
export async function createLiveDatabase(rows: number): Promise<TestDatabase> {
  const database = await createDatabase();
  await database.query(TABLES);
  await database.query(`
    INSERT INTO user_sessions SELECT ${sessionId('n')}, 'user ' || n % 1000, now() - n * interval '1 s', now(), n % 7, 'Project ' || n
      FROM generate_series(1, ${rows}) AS n;
    INSERT INTO sections (session_id, name, "createdAt", "updatedAt") SELECT ${sessionId('n')}, 'goals', now(), now()
      FROM generate_series(1, ${rows}) AS n`);
  await database.query(KEYS_AND_INDEXES);
  await database.query('VACUUM ANALYZE user_sessions, sections');
  return database;
}

const TABLES = `
  CREATE TABLE user_sessions (session_id uuid NOT NULL, user_id varchar(255), created_at timestamptz,
    last_active timestamptz, current_section integer DEFAULT 0, project_name varchar(255) NOT NULL);
  CREATE TABLE sections (id serial NOT NULL, session_id uuid NOT NULL, name varchar(255) NOT NULL,
    completion_status boolean DEFAULT false, section_content text,
    validation_state jsonb DEFAULT '{"overallComplete": false, "questionStates": {}, "userConsent": false}',
    "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL)`;

// After the rows, because that is several times as fast.
const KEYS_AND_INDEXES = `
  ALTER TABLE user_sessions ADD PRIMARY KEY (session_id);
  CREATE INDEX user_sessions_user_id ON user_sessions (user_id);
  CREATE INDEX user_sessions_created_at ON user_sessions (created_at);
  CREATE INDEX user_sessions_last_active ON user_sessions (last_active);
  ALTER TABLE sections ADD PRIMARY KEY (id);
  ALTER TABLE sections ADD FOREIGN KEY (session_id) REFERENCES user_sessions ON UPDATE CASCADE ON DELETE CASCADE;
  CREATE INDEX sections_session_id ON sections (session_id);
  CREATE INDEX sections_name ON sections (name);
  CREATE INDEX sections_completion_status ON sections (completion_status)`;
