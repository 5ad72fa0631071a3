import { DataTypes, literal } from 'sequelize';
import type { Migrations } from './migrations';
import type { State } from './planner';

// A part of a table becomes one of its own, in one migration.

export const SESSIONS = `CREATE TABLE sessions (id uuid PRIMARY KEY, project text NOT NULL, size integer);
  INSERT INTO sessions SELECT md5(n::text)::uuid, 'Project ' || n % 50 || ' {last} $1''', n FROM generate_series(1, 600) AS n`;

export const uuid = { type: DataTypes.UUID, allowNull: false };
export const text = { type: DataTypes.TEXT, allowNull: false };
export const serial = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
export const session = {
  ...uuid,
  references: { model: 'sessions', key: 'id' },
  onDelete: 'CASCADE',
} as const;

/** What is to happen, as a migration, and a query of the new rows, with an id and a name. */
export const SPLITS: readonly [string, State, string][] = [
  [
    'a row for each',
    (schema) => {
      schema.createTable('projects', { session_id: { ...session, primaryKey: true }, name: text });
      schema.bulkInsert('projects', literal('SELECT id AS session_id, project AS name FROM sessions -- all'));
      schema.removeColumn('sessions', 'project', text);
    },
    'SELECT session_id, name FROM projects',
  ],
  [
    'with numbers of their own, and what else belongs to it',
    (schema) => {
      schema.createTable('projects', { id: serial, name: text, session_id: { ...session, unique: true } });
      schema.bulkInsert('projects', literal('SELECT project AS name, id AS session_id FROM sessions;'));
      schema.addIndex('projects', ['name']);
      schema.addConstraint('projects', { type: 'check', name: 'named', where: literal("name <> ''") });
      schema.removeColumn('sessions', 'project', text);
      schema.renameColumn('projects', 'name', 'title');
      schema.addIndex('projects', ['title', 'id']);
    },
    'SELECT session_id, title FROM projects',
  ],
  [
    'a row for several, to which they refer then',
    (schema) => {
      schema.createTable('projects', { id: serial, name: { ...text, unique: true } });
      schema.bulkInsert('projects', literal('SELECT DISTINCT project AS name FROM sessions'));
      schema.addColumn('sessions', 'project_id', { type: DataTypes.INTEGER });
      schema.bulkUpdate(
        'sessions',
        { project_id: literal('(SELECT p.id FROM projects p WHERE p.name = sessions.project)') },
        literal('project_id IS NULL'),
      );
      schema.changeColumn('sessions', 'project_id', {
        type: DataTypes.INTEGER,
        allowNull: false,
        references: { model: 'projects', key: 'id' },
      });
      schema.removeColumn('sessions', 'project', text);
      schema.addIndex('sessions', ['project_id']);
    },
    'SELECT s.id, p.name FROM sessions s JOIN projects p ON p.id = s.project_id',
  ],
];

/** The rows of such a query, in order. */
export async function rowsOf(migrations: Migrations, select: string): Promise<string[]> {
  const rows = await migrations.query(`SELECT * FROM (${select}) AS rows (id, name) ORDER BY id`);
  return rows.map((row) => JSON.stringify(row));
}
