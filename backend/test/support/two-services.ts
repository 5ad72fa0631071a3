import { randomUUID } from 'node:crypto';
import { Sequelize } from 'sequelize';
import { attachModels } from '../../src/models';
import type { TestDatabase } from './database';

/** What a database has to hold in the end, whatever was done to its schema in between. */
export interface Held {
  /** The status of each session. */
  readonly sessions: Map<string, string>;
  /** Of each section, its session and its version. */
  readonly sections: Map<number, { readonly session: string; readonly version: number }>;
  /** The session of each message, by its text. */
  readonly messages: Map<string, string>;
}

/**
 * The service in its two versions: the older one, which knows nothing of the three features, and the newer one,
 * which uses those that it finds. Both at work on one database; it remembers what they have written.
 */
export class TwoServices {
  readonly held: Held = { sessions: new Map(), sections: new Map(), messages: new Map() };

  constructor(private readonly database: TestDatabase) {}

  /** The older version's insert. */
  async addSession(): Promise<void> {
    const session = randomUUID();
    const [section] = await this.database.query(
      `INSERT INTO user_sessions (session_id, project_name, created_at) VALUES ('${session}', 'A project', now());
       INSERT INTO sections (session_id, name, "createdAt", "updatedAt") VALUES ('${session}', 'goals', now(), now()) RETURNING id`,
    );
    this.held.sessions.set(session, 'active');
    this.held.sections.set(Number(section?.['id']), { session, version: 1 });
  }

  /** The older version's delete, which takes along what belongs to the session, seen or not. */
  async deleteSession(nth: number): Promise<void> {
    const session = this.sessionAt(nth);
    if (!session) return;
    await this.database.query(`DELETE FROM user_sessions WHERE session_id = '${session}'`);
    const { sessions, sections, messages } = this.held;
    sessions.delete(session);
    for (const [id, its] of sections) if (its.session === session) sections.delete(id);
    for (const [text, its] of messages) if (its === session) messages.delete(text);
  }

  async deleteAll(): Promise<void> {
    while (this.held.sessions.size > 0) await this.deleteSession(0);
  }

  async archive(nth: number): Promise<void> {
    const session = this.sessionAt(nth);
    if (!session || !(await this.has('user_sessions', 'status'))) return;
    await this.database.query(`UPDATE user_sessions SET status = 'archived' WHERE session_id = '${session}'`);
    this.held.sessions.set(session, 'archived');
  }

  async save(nth: number): Promise<void> {
    const [id, section] = [...this.held.sections][nth % (this.held.sections.size || 1)] ?? [];
    if (id === undefined || !section || !(await this.has('sections', 'version'))) return;
    await this.database.query(`UPDATE sections SET version = version + 1 WHERE id = ${id}`);
    this.held.sections.set(id, { ...section, version: section.version + 1 });
  }

  async say(nth: number): Promise<void> {
    const session = this.sessionAt(nth);
    if (!session || !(await this.has('conversation_messages', 'content'))) return;
    const text = randomUUID();
    await this.database.query(
      `INSERT INTO conversation_messages (id, session_id, role, content, metadata, created_at)
       VALUES (gen_random_uuid(), '${session}', 'user', '${text}', '{}', now())`,
    );
    this.held.messages.set(text, session);
  }

  /** The newer version starts: its `sync()` makes what it misses, or fails half-way. */
  async boot(): Promise<void> {
    const sequelize = new Sequelize(this.database.url, { logging: false });
    attachModels(sequelize);
    await sequelize.sync().catch(() => undefined);
    await sequelize.close();
  }

  /** Somebody helps the newer version, which misses its column. */
  async addStatus(): Promise<void> {
    if (await this.has('user_sessions', 'status')) return;
    const types = await this.database.query("SELECT to_regtype('enum_user_sessions_status') AS oid");
    if (!types[0]?.['oid']) return;
    await this.database.query(
      "ALTER TABLE user_sessions ADD COLUMN status enum_user_sessions_status NOT NULL DEFAULT 'active'",
    );
  }

  /** What the database holds, when all migrations have run. */
  async found(): Promise<Held> {
    const { query } = this.database;
    const sessions = await query('SELECT session_id, status FROM user_sessions');
    const sections = await query('SELECT id, session_id, version FROM sections');
    const messages = await query('SELECT content, session_id FROM conversation_messages');
    return {
      sessions: new Map(sessions.map((row) => [String(row['session_id']), String(row['status'])])),
      sections: new Map(
        sections.map(({ id, session_id, version }) => [
          Number(id),
          { session: String(session_id), version: Number(version) },
        ]),
      ),
      messages: new Map(messages.map((row) => [String(row['content']), String(row['session_id'])])),
    };
  }

  private sessionAt(nth: number): string | undefined {
    const ids = [...this.held.sessions.keys()];
    return ids[nth % (ids.length || 1)];
  }

  private async has(table: string, column: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT FROM pg_attribute WHERE attrelid = to_regclass('${table}') AND attname = '${column}'`,
    );
    return rows.length > 0;
  }
}
