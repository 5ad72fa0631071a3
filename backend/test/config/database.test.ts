import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../support/build';
import { run, type Run } from '../support/cli';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-config-'));

afterAll(() => fs.rmSync(folder, { recursive: true }));

const RESOLVE = `require(${JSON.stringify(path.join(ROOT, 'backend/dist/config/database.js'))})
  .resolveDatabase().then((found) => console.log(JSON.stringify(found.connection)), (error) => {
    console.error(error.name + ': ' + error.message);
    process.exitCode = 1;
  })`;

/** What the configuration makes of an environment, in a process that has no other, and of a `.env` file. */
function resolve(env: Record<string, string>, dotenv = ''): Promise<Run> {
  fs.writeFileSync(path.join(folder, '.env'), dotenv);
  return run(process.execPath, ['-e', RESOLVE], { cwd: folder, env });
}

const hostOf = ({ stdout }: Run) => /"host":"([^"]*)"/.exec(stdout)?.[1];

describe('the environment', () => {
  it('names the database by DB_* variables', async () => {
    const env = { DB_HOST: 'db', DB_PORT: '6543', DB_NAME: 'prd', DB_USER: 'ann', DB_PASSWORD: 'geheim' };
    expect(JSON.parse((await resolve(env)).stdout)).toEqual({
      host: 'db',
      port: 6543,
      database: 'prd',
      username: 'ann',
      password: 'geheim',
      dialectOptions: { application_name: 'prd-maker' },
    });
  });

  it('may stand in .env, where nothing is printed about it, and the real environment comes first', async () => {
    const dotenv = 'DATABASE_URL=postgres://from-file/d\n';
    expect(hostOf(await resolve({}, dotenv))).toBe('from-file');
    expect(hostOf(await resolve({ DATABASE_URL: 'postgres://from-shell/d' }, dotenv))).toBe('from-shell');
  });

  it('prefers TEST_DATABASE_URL under NODE_ENV=test, and only there', async () => {
    const env = { TEST_DATABASE_URL: 'postgres://for-tests/d', DATABASE_URL: 'postgres://other/d' };
    expect(hostOf(await resolve({ ...env, NODE_ENV: 'test' }))).toBe('for-tests');
    expect(hostOf(await resolve(env))).toBe('other');
  });

  it('may not be a .env that cannot be read: that is not one that is absent', async () => {
    const cwd = fs.mkdtempSync(path.join(folder, 'with-a-folder-'));
    fs.mkdirSync(path.join(cwd, '.env'));
    const { code, stderr } = await run(process.execPath, ['-e', RESOLVE], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ConfigurationError: \.env in .* cannot be read: EISDIR.* Nothing was done\. Correct or remove it\.\n$/,
    );
  });

  it('is read where something else has a name that is almost one of those that are set', async () => {
    const env = {
      DATABASE_URL: 'postgres://mine/d',
      DATABASE_URI: 'postgres://theirs/d',
      DB_USERS: 'ann',
      DB_HST: 'x',
    };
    expect(hostOf(await resolve(env))).toBe('mine');
  });

  it('may not have a line in .env that gives no value to what it names', async () => {
    const { code, stderr } = await resolve({}, '# mine\nDATABASE_URL postgres://ann:geheim@h/d\n');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      / \.env in \S+, line 2: DATABASE_URL is not given a value\. Nothing was done\. Write DATABASE_URL=…\n$/,
    );
    expect(
      hostOf(await resolve({}, 'OTHER\n# DATABASE_URL x\n  export DATABASE_URL = "postgres://mine/d"\n')),
    ).toBe('mine');
  });

  it.each([
    [{ NODE_ENV: 'production' }, 'No database is configured, and NODE_ENV is production.'],
    [{ NODE_ENV: 'staging' }, 'NODE_ENV is "staging". It must be one of development, test, production.'],
    [{ DB_HOST: 'db', DB_PASSWORD: 'geheim' }, 'DB_NAME is not set'],
    [{ DB_NAME: 'prd', DB_PASSWORD: 'geheim' }, 'DB_USER is not set'],
    [{ DB_NAME: 'prd', DB_USER: 'ann', DB_PORT: 'no' }, 'DB_PORT: "no" is not a port number.'],
    [
      { DATABSE_URL: 'postgres://ann:geheim@h/d' },
      'DATABSE_URL is set, and is not read; perhaps you mean DATABASE_URL.',
    ],
    [
      { NODE_ENV: 'test', TEST_DATABSE_URL: 'x', DATABASE_URL: 'postgres://h/d' },
      'perhaps you mean TEST_DATABASE_URL.',
    ],
    [
      { DB_HOST: 'db', DB_NAM: 'prd', DB_USER: 'ann' },
      'DB_NAM is set, and is not read; perhaps you mean DB_NAME.',
    ],
  ])('%j is one clear line without a secret', async (env, message) => {
    const { code, stderr } = await resolve(env);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('geheim');
  });
});

/** The modules that read the environment: a lint rule lets no others. */
const READERS = [
  'sequelize-live-migrations/src/configuration/environment.ts',
  'sequelize-live-migrations/src/configuration/database.ts',
  'checkout-postgres/src/settings.ts',
];

describe('.env.example', () => {
  it('lists every variable that the configuration reads, each with a comment', () => {
    const sources = READERS.map((file) => fs.readFileSync(path.join(ROOT, 'packages', file), 'utf8'));
    const read = new Set([...sources.join().matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map(([, name]) => name));
    const example = fs.readFileSync(path.join(ROOT, '.env.example'), 'utf8');
    const listed = [...example.matchAll(/^# .+\n# ?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(read);
  });
});
