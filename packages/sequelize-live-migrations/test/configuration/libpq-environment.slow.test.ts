import fs from 'node:fs';
import path from 'node:path';
import { sequelizeCli, type } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { useOwnEnvironment } from '../support/environment';
import { copyFixture, removeCopies } from '../support/fixture-project';
import { serverUrl } from '../support/server';

// What psql takes from the environment, where a URL leaves it out, means the same here, or is refused by name.

useOwnEnvironment();
afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('the commands', () => {
  it('connect to where PGHOST and its like say, and honour PGOPTIONS, PGUSER and PGPASSWORD', async () => {
    const database = await createDatabase();
    await database.query('CREATE SCHEMA app');
    const { hostname, port, username, password, pathname } = new URL(database.url);
    const env = {
      ...{
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: password,
        PGDATABASE: pathname.slice(1),
      },
      PGOPTIONS: '-c search_path=app',
    };
    for (const command of ['db:migrate', 'db:migrate:status', 'check']) {
      expect(await type(command, 'postgres://', { env })).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await database.query("SELECT to_regclass('app.pets') IS NOT NULL AS found")).toEqual([
      { found: true },
    ]);
  });

  it('say in production that psql would connect, and what to type', async () => {
    const { code, stderr } = await sequelizeCli('db:migrate', '', {
      env: { NODE_ENV: 'production', PGDATABASE: 'pets' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Nothing was done. By PGDATABASE alone no database is configured: with DATABASE_URL=postgres:// it is.',
    );
  });

  it.each(['db:migrate', 'plan'])('%s names a variable that is not honoured', async (command) => {
    const { code, stderr } = await type(command, serverUrl(), { env: { PGCHANNELBINDING: 'require' } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^ERROR: PGCHANNELBINDING: [^\n]*\n$/),
    });
  });
});

describe('a .env that is there and cannot be read', () => {
  const KINDS: [string, (file: string) => void][] = [
    ['a folder', (file) => fs.mkdirSync(file)],
    ['a link to what is not there', (file) => fs.symlinkSync('no-such-file', file)],
    ['a link to itself', (file) => fs.symlinkSync('.env', file)],
    ['not UTF-8', (file) => fs.writeFileSync(file, 'DATABASE_URL=postgres://h/d', 'utf16le')],
  ];

  it.each(KINDS)('is an error of each command: %s', async (_, make) => {
    const cwd = copyFixture();
    make(path.join(cwd, '.env'));
    for (const command of ['db:migrate', 'db:migrate:status', 'plan']) {
      const { code, stderr } = await type(command, serverUrl(), { cwd });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^ERROR: \.env in \S+ cannot be read: [^\n]* Nothing was done\. Correct or remove it\.\n$/,
      );
    }
  });

  const asUser = process.getuid?.() === 0 ? it.skip : it; // root may read everything

  asUser('is an error of each command: a file without the right to read it', async () => {
    const cwd = copyFixture();
    fs.writeFileSync(path.join(cwd, '.env'), 'DB_NAME=pets', { mode: 0o000 });
    const { code, stderr } = await type('db:migrate', serverUrl(), { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: \.env in \S+ cannot be read: EACCES[^\n]*\n$/);
  });
});
