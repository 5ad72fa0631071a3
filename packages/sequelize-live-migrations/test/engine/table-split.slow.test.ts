import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// A part of a table becomes one of its own, in one migration: nothing is lost, back and forth, wherever it is cut short.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

const SESSIONS = `CREATE TABLE sessions (id uuid PRIMARY KEY, project text NOT NULL, size integer);
  INSERT INTO sessions SELECT md5(n::text)::uuid, 'Project ' || n % 50 || ' {last} $1''', n FROM generate_series(1, 600) AS n`;

const uuid = { type: DataTypes.UUID, allowNull: false };
const text = { type: DataTypes.TEXT, allowNull: false };
const serial = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
const session = { ...uuid, references: { model: 'sessions', key: 'id' }, onDelete: 'CASCADE' } as const;

type Up = (schema: Schema) => void;

const SPLITS: readonly [string, Up, string][] = [
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

const rowsOf = async (select: string) =>
  (await migrations.query(`SELECT * FROM (${select}) AS rows (id, name) ORDER BY id`)).map((row) =>
    JSON.stringify(row),
  );

it.each(SPLITS)(
  '%s: wherever the run is cut short, the same command does the rest',
  async (_, up, select) => {
    const one = { name: 'one.js', up };
    await migrations.reset(SESSIONS);
    const before = await rowsOf('SELECT id, project FROM sessions');
    await migrations.up(one);
    const after = (await migrations.schema()).filter(isNoTime);
    for (let n = 3; n < 300; n += 17) {
      await migrations.reset(SESSIONS);
      let sent = 0;
      migrations.beforeStatement = () => {
        sent += 1;
        return sent === n ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
      };
      const isCut = await migrations.up(one).then(
        () => false,
        () => true,
      );
      migrations.beforeStatement = undefined;
      if (isCut) await migrations.up(one);
      expect({ n, rows: await rowsOf(select) }).toEqual({ n, rows: before });
      expect((await migrations.schema()).filter(isNoTime)).toEqual(after);
      if (sent < n) return;
    }
    throw new Error('The migration has sent more statements than were cut.');
  },
);

/** Whether a line of a schema is no comment on what is kept aside, which says when that was. */
function isNoTime(line: string): boolean {
  return !line.includes('Kept aside by');
}
