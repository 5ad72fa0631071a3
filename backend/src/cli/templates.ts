// What the generators write: it compiles and passes the linter as it is, and is there to be edited.

/** @param slug `add-rating-to-sections`: the usual names say what is to be stated */
export function migrationSource(slug: string): string {
  return `import { DataTypes } from 'sequelize';
import { migration } from '../schema';

// Why, in one or two lines.
// Locks: which, on which table, and for how long.
// Whether the older service goes on working meanwhile.
export = migration(__filename, {
  up(schema) {
${statement(slug)}
  },
});
`;
}

function statement(slug: string): string {
  const [, verb, its = '', table = ''] = /^(add|remove)-(.+)-(?:to|from)-(.+)$/.exec(slug) ?? [];
  const [, created] = /^create-(.+)$/.exec(slug) ?? [];
  if (created) {
    return `    schema.createTable('${snake(created)}', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    });`;
  }
  const method = verb === 'remove' ? 'removeColumn' : 'addColumn';
  return `    schema.${method}('${snake(table) || 'table'}', '${snake(its) || 'column'}', { type: DataTypes.TEXT });`;
}

function snake(slug: string): string {
  return slug.replaceAll('-', '_');
}

export function migrationTest(name: string): string {
  return `import { createMigratedDatabase, dropDatabases } from '../support/database';
import { migrate } from '../support/migrator';
import { schemaOf } from '../support/schema';

const NAME = '${name}.js';

afterAll(() => dropDatabases());

it('can be undone and done again', async () => {
  const database = await createMigratedDatabase();
  const after = await schemaOf(database);
  await migrate(database, (umzug) => umzug.down(NAME));
  expect(await schemaOf(database)).not.toEqual(after);
  await migrate(database, (umzug) => umzug.up());
  expect(await schemaOf(database)).toEqual(after);
});
`;
}

export function seederSource(slug: string): string {
  return `import type { QueryInterface } from 'sequelize';

// ${slug.replaceAll('-', ' ')}. sequelize-cli keeps no record of seeders and runs each one every time: it has to do
// nothing where its rows are there already.

const SESSION_ID = '00000000-0000-4000-8000-000000000000';

export async function up({ sequelize }: QueryInterface): Promise<void> {
  await sequelize.query(
    \`INSERT INTO user_sessions (session_id, project_name) VALUES ('\${SESSION_ID}', 'A project') ON CONFLICT DO NOTHING\`,
  );
}

export async function down({ sequelize }: QueryInterface): Promise<void> {
  await sequelize.query(\`DELETE FROM user_sessions WHERE session_id = '\${SESSION_ID}'\`);
}
`;
}

export function seederTest(name: string): string {
  return `import { Sequelize } from 'sequelize';
import { down, up } from '../../src/seeders/${name}';
import { createMigratedDatabase, dropDatabases } from '../support/database';

afterAll(() => dropDatabases());

it('puts its rows in once, however often it is run, and takes them out', async () => {
  const database = await createMigratedDatabase();
  const sequelize = new Sequelize(database.url, { logging: false });
  await up(sequelize.getQueryInterface());
  await up(sequelize.getQueryInterface());
  expect(await database.query('SELECT FROM user_sessions')).toHaveLength(1);
  await down(sequelize.getQueryInterface());
  expect(await database.query('SELECT FROM user_sessions')).toEqual([]);
  await sequelize.close();
});
`;
}
