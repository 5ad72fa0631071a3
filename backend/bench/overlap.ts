import { setTimeout as sleep } from 'node:timers/promises';
import { DataTypes, Sequelize } from 'sequelize';
import { migration } from 'sequelize-live-migrations';
import { type Change, compareChanges, type Comparison, runAll } from './longest-wait';

/**
 * `npm run bench -- overlap [MILLIONS [RUNS]]`: the longest wait of a live application while a column gets a second name,
 * beside a new column that plain SQL makes and that nothing keeps equal; and while a key becomes bigint, beside ALTER TYPE.
 */
export async function benchOverlap(options: readonly string[]): Promise<void> {
  await compareChanges(
    options,
    CHANGES,
    'CREATE INDEX user_sessions_project_name ON user_sessions (project_name)',
  );
}

/** Runs a migration that declares something. */
export function declared(up: Parameters<typeof migration>[1]['up']): Change {
  return async ({ url }) => {
    const sequelize = new Sequelize(url, { logging: false });
    await migration('1-change.js', { up })
      .up(sequelize.getQueryInterface())
      .finally(() => sequelize.close());
  };
}

const renameWithOverlap = declared((schema) =>
  schema.renameColumn('user_sessions', 'project_name', 'title', { overlap: true }),
);

const toBigint = declared((schema) => {
  const key = { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, allowNull: false };
  schema.changeColumn('sections', 'id', { type: DataTypes.BIGINT }, { overlap: true });
  schema.changeColumn('sections', 'id', key);
});

/** Without NOT NULL, with which the release that works could not insert. */
const plainStatements: Change = ({ query }) =>
  runAll(query, [
    'ALTER TABLE user_sessions ADD COLUMN title varchar(255)',
    'UPDATE user_sessions SET title = project_name',
    'CREATE INDEX user_sessions_title ON user_sessions (title)',
  ]);

const CHANGES: Comparison = [
  ['no change', () => sleep(3000)],
  ['renameColumn with overlap', renameWithOverlap],
  ['plain SQL', plainStatements],
  ['changeColumn to bigint with overlap', toBigint],
  ['ALTER TYPE bigint', ({ query }) => runAll(query, ['ALTER TABLE sections ALTER COLUMN id TYPE bigint'])],
];
