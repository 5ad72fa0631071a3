import fs from 'node:fs';
import path from 'node:path';
import { Sequelize } from 'sequelize';
import { plan } from '../../src/commands/plan';
import { loadProject } from '../../src/sequelize-cli/project';
import { DEFAULT_LIMITS } from '../../src/session';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { copyFixture, PETS, removeCopies } from '../support/fixture-project';

afterAll(removeCopies);
afterAll(() => dropDatabases());

/** What `plan` prints of a project. */
async function planOf(root: string, { url }: TestDatabase): Promise<string> {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const sequelize = new Sequelize(url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  const run = { sequelize, limits: DEFAULT_LIMITS, reporter };
  await plan.work({ project: loadProject(root), run }, []).finally(() => write.mockRestore());
  await sequelize.close();
  return written.join('');
}

it('a migration that is written by hand stops the script where it comes, and hides nothing of the others', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  const name = '20250115-by-hand.js';
  fs.writeFileSync(
    path.join(root, 'migrations', name),
    "exports.up = exports.down = () => Promise.reject(new Error('It was run.'));",
  );
  const script = await planOf(root, database);
  const place = script.indexOf(name);
  expect(script.slice(0, place)).toContain(`-- ${PETS}\n`);
  expect(script.slice(0, place)).toContain('CREATE TABLE "pets"');
  expect(script.slice(place)).toContain('ADD COLUMN "kind"');
  const [, raise = ''] = /\n(DO .*is written by hand.*);\n/.exec(script) ?? [];
  await expect(database.query(raise)).rejects.toThrow(
    `${name} is written by hand, so what it does is only known when it runs: npx sequelize-cli db:migrate --to ${name}`,
  );
});

it('what can only be planned when it has run is said, and not refused', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  const write = (name: string, text: string) => fs.writeFileSync(path.join(root, 'migrations', name), text);
  write('20250401-by-hand.js', 'exports.up = exports.down = () => Promise.resolve();');
  write(
    '20250402-index-it.js',
    `const { migration } = require('sequelize-live-migrations');
    module.exports = migration(__filename, { up(schema) { schema.addIndex('by_hand', ['name']); } });`,
  );
  const script = await planOf(root, database);
  expect(script).toMatch(/-- 20250402-index-it\.js\n-- Table by_hand does not exist in schema public .*\n/);
  expect(script).toContain('CREATE TABLE "pets"');
});
