import fs from 'node:fs';
import path from 'node:path';
import { shell, shellWithShortNpx } from './support/cli';
import { createDatabase, createMigratedDatabase, dropDatabases } from './support/database';
import { MIGRATIONS } from './support/migrations';
import { recordsOf } from './support/schema';

// Every command of the readme that this project's commands must honour, typed as it stands there.

const readme = fs.readFileSync(path.join(__dirname, 'fixtures/reference-readme.md'), 'utf8');
const commands = [...readme.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim());

const FIRST = 'npx sequelize-cli db:migrate';

/** What the commands leave behind: where they are typed, and what is recorded afterwards. */
const expectations: Record<string, { from: readonly string[]; to: readonly string[] }> = {
  [FIRST]: { from: [], to: MIGRATIONS },
  'npx sequelize-cli db:migrate --to 20250723-add-status-to-user-sessions.js': {
    from: [],
    to: MIGRATIONS.slice(0, 2),
  },
  'npx sequelize-cli db:migrate:undo': { from: MIGRATIONS, to: MIGRATIONS.slice(0, -1) },
  'npx sequelize-cli db:migrate:undo:all': { from: MIGRATIONS, to: [] },
  'npx sequelize-cli db:migrate:undo --to 20250723-add-status-to-user-sessions.js': {
    from: MIGRATIONS,
    to: MIGRATIONS.filter((name) => !name.includes('add-status')),
  },
};

afterAll(() => dropDatabases());

it('has no command but those tested here, and the installation of what package.json already names', () => {
  expect(commands.filter((command) => !(command in expectations))).toEqual([
    'npm install --save-dev sequelize-cli',
  ]);
});

it.each(Object.entries(expectations))('%s', async (command, { from, to }) => {
  const database = await (from.length > 0 ? createMigratedDatabase() : createDatabase());
  // npm's own npx needs to be shown once to start the right command: it takes as long as the command.
  const type = command === FIRST ? shell : shellWithShortNpx;
  const { code, stderr } = await type(command, { env: { DATABASE_URL: database.url } });
  expect(stderr.replace(/^npm (warn|notice).*\n/gm, '')).toBe('');
  expect(code).toBe(0);
  expect(await recordsOf(database)).toEqual(to);
  const columns = await database.query(
    "SELECT FROM information_schema.columns WHERE table_name = 'user_sessions' AND column_name = 'status'",
  );
  expect(columns).toHaveLength(to.some((name) => name.includes('add-status')) ? 1 : 0);
});
