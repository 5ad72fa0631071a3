import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { locationOf, stopCheckoutServers } from 'checkout-postgres';
import { sequelizeCli, shell } from '../support/cli';
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

    const stopped = await shell('npm run --silent db:stop', { cwd });
    expect(stopped.stdout).toContain('Stopped the embedded PostgreSQL of this checkout.');
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
