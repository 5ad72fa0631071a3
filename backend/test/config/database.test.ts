import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Connection } from 'sequelize-live-migrations/config';
import { ROOT } from '../support/build';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-config-'));

afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Loads the configuration again for each environment that it is sent, since that reads it once. */
const RESOLVER = `process.on('message', async ({ env, cwd }) => {
  process.env = env;
  process.chdir(cwd);
  for (const file of Object.keys(require.cache)) if (!file.includes('node_modules')) delete require.cache[file];
  const { resolveDatabase } = require(${JSON.stringify(path.join(ROOT, 'backend/dist/config/database.js'))});
  process.send(await resolveDatabase().then(({ connection }) => ({ connection }), (error) => ({ error: String(error) })));
})`;

type Found = { readonly connection: Connection } | { readonly error: string };

let resolver: ChildProcess;
let ended: Promise<never>;
let printed = '';

beforeAll(() => {
  resolver = spawn(process.execPath, ['-e', RESOLVER], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: {} });
  for (const stream of [resolver.stdout, resolver.stderr])
    stream?.on('data', (chunk) => (printed += String(chunk)));
  ended = once(resolver, 'exit').then(() => Promise.reject(new Error(`The process has ended: ${printed}`)));
  ended.catch(() => undefined); // as it does at the end
});

afterAll(() => resolver.kill());

/** What the configuration makes of an environment that has nothing else, and of a `.env` file in the current folder. */
async function find(env: Record<string, string>, dotenv = '', cwd = folder): Promise<Found> {
  if (cwd === folder) fs.writeFileSync(path.join(folder, '.env'), dotenv);
  const found = new Promise<Found>((resolve) => resolver.once('message', resolve));
  resolver.send({ env, cwd });
  return Promise.race([found, ended]);
}

async function resolve(...given: Parameters<typeof find>): Promise<Connection> {
  const found = await find(...given);
  if ('error' in found) throw new Error(found.error);
  return found.connection;
}

/** The error with which the configuration refuses an environment. */
async function refusal(...given: Parameters<typeof find>): Promise<string> {
  const found = await find(...given);
  if ('connection' in found) throw new Error(`It was not refused: ${JSON.stringify(found)}`);
  return found.error;
}

const hostOf = async (...given: Parameters<typeof resolve>) => (await resolve(...given)).host;

describe('the environment', () => {
  it('names the database by DB_* variables', async () => {
    const env = { DB_HOST: 'db', DB_PORT: '6543', DB_NAME: 'prd', DB_USER: 'ann', DB_PASSWORD: 'geheim' };
    expect(await resolve(env)).toEqual({
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
    expect(await hostOf({}, dotenv)).toBe('from-file');
    expect(await hostOf({ DATABASE_URL: 'postgres://from-shell/d' }, dotenv)).toBe('from-shell');
    expect(printed).toBe('');
  });

  it('prefers TEST_DATABASE_URL under NODE_ENV=test, and only there', async () => {
    const env = { TEST_DATABASE_URL: 'postgres://for-tests/d', DATABASE_URL: 'postgres://other/d' };
    expect(await hostOf({ ...env, NODE_ENV: 'test' })).toBe('for-tests');
    expect(await hostOf(env)).toBe('other');
  });

  it('may not be a .env that cannot be read: that is not one that is absent', async () => {
    const cwd = fs.mkdtempSync(path.join(folder, 'with-a-folder-'));
    fs.mkdirSync(path.join(cwd, '.env'));
    expect(await refusal({}, '', cwd)).toMatch(
      /^ConfigurationError: \.env in .* cannot be read: EISDIR.* Nothing was done\. Correct or remove it\.$/,
    );
  });

  it('is read where something else has a name that is almost one of those that are set', async () => {
    const env = {
      DATABASE_URL: 'postgres://mine/d',
      DATABASE_URI: 'postgres://theirs/d',
      DB_USERS: 'ann',
      DB_HST: 'x',
    };
    expect(await hostOf(env)).toBe('mine');
  });

  it('may not have a line in .env that gives no value to what it names', async () => {
    expect(await refusal({}, '# mine\nDATABASE_URL postgres://ann:geheim@h/d\n')).toMatch(
      / \.env in \S+, line 2: DATABASE_URL is not given a value\. Nothing was done\. Write DATABASE_URL=…$/,
    );
    expect(await hostOf({}, 'OTHER\n# DATABASE_URL x\n  export DATABASE_URL = "postgres://mine/d"\n')).toBe(
      'mine',
    );
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
    const error = await refusal(env);
    expect(error).toContain(message);
    expect(error).not.toMatch(/\n|geheim/);
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
