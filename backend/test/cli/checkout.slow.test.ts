import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { locationOf, stopCheckoutServers } from 'checkout-postgres';
import { sequelizeCli, shell, shellWithShortNpx } from '../support/cli';
import { MIGRATIONS } from '../support/migrations';
import { copyProject, removeCopies } from '../support/project';

// What a developer types in a fresh checkout with nothing configured.

let cwd: string;

beforeAll(() => {
  cwd = copyProject();
});

afterAll(async () => {
  await stopCheckoutServers(cwd);
  removeCopies();
});

describe('with nothing configured', () => {
  it('db:create starts the server and says so, db:start prints a URL, db:stop stops it', async () => {
    const created = await sequelizeCli('db:create', '', { cwd });
    expect(created.stdout).toMatch(
      /^(Started|Using) the embedded PostgreSQL of this checkout: postgres:\/\/postgres@127\.0\.0\.1:\d+\/prd_maker_development$/m,
    );
    expect(created.code).toBe(0);
    const { stdout: url } = await shell('npm run --silent db:start', { cwd });
    const client = new Client({ connectionString: url.trim() });
    await client.connect();
    const { rows } = await client.query('SELECT current_database() AS name');
    expect(rows).toEqual([{ name: 'prd_maker_development' }]);
    await client.end();
    const other = await shell("npx --no-install checkout-postgres start 'my pets'", { cwd });
    expect(other.stdout).toMatch(/\/my%20pets\n$/);

    const stopped = await shell('npm run --silent db:stop', { cwd });
    expect(stopped.stdout).toContain('Stopped the embedded PostgreSQL of this checkout.');
  });

  it('a database that was dropped is there again for the next command, and each NODE_ENV has its own', async () => {
    const env = { NODE_ENV: 'test' };
    expect(await sequelizeCli('db:drop', '', { cwd, env })).toMatchObject({ code: 0 });
    const { stdout } = await sequelizeCli('db:migrate:status', '', { cwd, env });
    expect(stdout).toContain('/prd_maker_test');
    expect(stdout.match(/^down /gm)).toHaveLength(MIGRATIONS.length);
  });
});

it('a migration is compared with the models on a temporary database of the same server', async () => {
  const { code, stdout } = await sequelizeCli('migration:generate --check', '', { cwd });
  expect(code).toBe(0);
  // Of a table that a later migration makes without a model, a note comes before.
  expect(stdout).toMatch(
    /^(NOT REMOVED: the table [^]*\n)?The migrations make all that the models declare\.\n$/,
  );
});

describe('a plan for psql', () => {
  it('is all that npm prints with --silent, and the URL is all that checkout-postgres start prints', async () => {
    const line = 'npm run --silent db:plan && npx checkout-postgres start prd_maker_development';
    const { code, stdout } = await shellWithShortNpx(line, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^-- What db:migrate would do now on database prd_maker_development/);
    expect(stdout).toMatch(/;\npostgres:\/\/\S+\/prd_maker_development\n$/);
  });
});

describe('with EMBEDDED_POSTGRES', () => {
  it('the server is of the version that is there, with data of its own', async () => {
    await stopCheckoutServers(cwd);
    const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    fs.mkdirSync(path.join(cwd, 'another'));
    fs.writeFileSync(path.join(cwd, 'another/package.json'), '{ "version": "99.1.0" }');
    fs.symlinkSync(path.resolve(path.dirname(entry), '../native'), path.join(cwd, 'another/native'));
    const env = { EMBEDDED_POSTGRES: 'another' };
    expect(await sequelizeCli('db:create', '', { cwd, env })).toMatchObject({ code: 0, stderr: '' });
    const files = fs.readdirSync(path.join(cwd, 'backend/.postgres'));
    expect(files).toEqual(expect.arrayContaining(['cluster-99', 'pgsql-99.1.0']));
    expect(files.filter((file) => file.startsWith('cluster-'))).toHaveLength(2);
  });

  it.each(['nowhere', '.'])('one line says that there is none in %s', async (folder) => {
    await stopCheckoutServers(cwd); // one that runs is used, whatever its version
    const { code, stderr } = await sequelizeCli('db:create', '', { cwd, env: { EMBEDDED_POSTGRES: folder } });
    expect(code).toBe(1);
    const none = `ERROR: There is no embedded PostgreSQL for ${process.platform}-${process.arch} in ${path.resolve(cwd, folder)}. `;
    expect(stderr).toContain(none);
    expect(stderr).toMatch(/^.* Correct EMBEDDED_POSTGRES, or set DATABASE_URL .*\n$/);
  });
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('as root', () => {
  it('in a checkout that only root may enter, the server lives under /var/lib, and works', async () => {
    const rootOnly = copyProject();
    fs.chmodSync(rootOnly, 0o700);
    const inside = path.join(rootOnly, 'backend/.postgres');
    const { folder, runAs } = locationOf(rootOnly, inside, 'prd-maker');
    expect(folder).toMatch(/^\/var\/lib\/prd-maker\/[0-9a-f]{12}$/);
    expect(runAs?.uid).not.toBe(0);
    expect(await sequelizeCli('db:migrate', '', { cwd: rootOnly })).toMatchObject({ code: 0, stderr: '' });
    expect(fs.existsSync(inside)).toBe(false);
    await stopCheckoutServers(rootOnly);
    fs.rmSync(folder, { recursive: true });
  });

  it('in somebody’s checkout, the server runs as that somebody', () => {
    const theirs = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-theirs-'));
    spawnSync('chown', ['nobody', theirs]);
    const nobody = fs.statSync(theirs).uid;
    const { folder, runAs } = locationOf(theirs, path.join(theirs, '.postgres'), 'prd-maker');
    fs.rmdirSync(theirs);
    expect(folder).toBe(path.join(theirs, '.postgres'));
    expect(runAs?.uid).toBe(nobody);
  });
});
