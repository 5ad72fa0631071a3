// The files that the generators write, to be edited. They compile and pass the linter as they are.

/** @param slug `add-rating-to-books`: names of this form say what to declare */
export function migrationSource(slug: string): string {
  return `import { DataTypes } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// Why, in one or two lines.
// Locks: which, on which table, and for how long.
// Whether the previous release keeps working.
export = migration(__filename, {
  up(schema) {
${declaration(slug)}
  },
});
`;
}

function declaration(slug: string): string {
  const [, verb, column = '', table = ''] = /^(add|remove)-(.+)-(?:to|from)-(.+)$/.exec(slug) ?? [];
  const [, created] = /^create-(.+)$/.exec(slug) ?? [];
  if (created) {
    return `    schema.createTable('${snake(created)}', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    });`;
  }
  const method = verb === 'remove' ? 'removeColumn' : 'addColumn';
  return `    schema.${method}('${snake(table) || 'table'}', '${snake(column) || 'column'}', { type: DataTypes.TEXT });`;
}

function snake(slug: string): string {
  return slug.replaceAll('-', '_');
}

export function migrationTest(name: string): string {
  return `import { createEmptyDatabase, migrate, schemaOf } from 'sequelize-live-migrations/testing';

const NAME = '${name}.js';

it('can be undone and done again', async () => {
  const { url, drop } = await createEmptyDatabase();
  await migrate(url, (umzug) => umzug.up({ to: NAME }));
  const after = await schemaOf(url);
  await migrate(url, (umzug) => umzug.down(NAME));
  expect(await schemaOf(url)).not.toEqual(after);
  await migrate(url, (umzug) => umzug.up({ to: NAME }));
  expect(await schemaOf(url)).toEqual(after);
  await drop();
});
`;
}

export function seederSource(slug: string): string {
  return `import type { QueryInterface } from 'sequelize';

// ${slug.replaceAll('-', ' ')}. sequelize-cli logs no seeders and runs each one every time: a row that is there is left.

export const TABLE = 'table';

export async function up({ sequelize }: QueryInterface): Promise<void> {
  await sequelize.query(\`INSERT INTO "\${TABLE}" (id) VALUES (1), (2) ON CONFLICT DO NOTHING\`);
}

export async function down({ sequelize }: QueryInterface): Promise<void> {
  await sequelize.query(\`DELETE FROM "\${TABLE}" WHERE id IN (1, 2)\`);
}
`;
}

/** @param module how the test imports the seeder */
export function seederTest(module: string): string {
  return `import { Sequelize } from 'sequelize';
import { createTestDatabase } from 'sequelize-live-migrations/testing';
import { down, TABLE, up } from '${module}';

it('inserts its rows once, however often it is run, and deletes them', async () => {
  const { url, drop } = await createTestDatabase();
  const sequelize = new Sequelize(url, { logging: false });
  const count = async () => (await sequelize.query(\`SELECT FROM "\${TABLE}"\`))[0].length;
  await up(sequelize.getQueryInterface());
  await up(sequelize.getQueryInterface());
  expect(await count()).toBe(2);
  await down(sequelize.getQueryInterface());
  expect(await count()).toBe(0);
  await sequelize.close();
  await drop();
});
`;
}
