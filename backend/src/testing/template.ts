import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { urlOfSibling } from '../config/url';
import { hasCode } from '../embedded/system';
import { createDatabase, newNameIn } from './database';
import { environmentFor } from './environment';
import { inTurn } from './session';

const CHECKOUT = path.resolve(__dirname, '../../..');
const COMPILED = path.join(CHECKOUT, 'backend/dist');
/** What makes the schema. */
const ROOMS = ['migrations', 'schema'];

/**
 * The name of the template that these migrations make for the session's role, from a hash over both: another
 * migration, another template. And another role has its own, as only the owner of a database may copy it.
 */
export async function templateNameFor(session: Client): Promise<string> {
  const { rows } = await session.query<{ role: string }>('SELECT current_user AS role');
  const hash = createHash('sha256').update(`${rows[0]?.role ?? ''}\0`);
  for (const file of ROOMS.flatMap(compiledFilesIn)) {
    hash.update(`${file}\0`).update(fs.readFileSync(path.join(COMPILED, file)));
  }
  return `prd_maker_template_${hash.digest('hex').slice(0, 16)}`;
}

function compiledFilesIn(room: string): string[] {
  const files = fs.readdirSync(path.join(COMPILED, room), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.js'))
    .map((file) => path.posix.join(room, file))
    .sort();
}

/** Compiles the sources where they have changed. @throws the compiler's complaint */
export function compile(): void {
  const compiler = path.join(CHECKOUT, 'backend/build.js');
  if (fs.existsSync(compiler)) run([compiler]); // an image may carry the compiled files alone
}

/**
 * Makes the template unless it is there. Under a name that goes with the run, where a killed one leaves it to be
 * dropped; it gets the template's name when it is complete, so nobody copies half of one.
 *
 * @param url of any database of the server
 * @throws when a migration fails, with all that sequelize-cli has printed
 */
export async function createMissingTemplate(session: Client, url: string, name: string, runName: string) {
  const build = async () => {
    const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const draft = newNameIn(runName);
    await createDatabase(session, draft, 'template0');
    const cli = path.join(CHECKOUT, 'node_modules/sequelize-cli/lib/sequelize');
    run([cli, 'db:migrate'], environmentFor(urlOfSibling(url, draft)));
    // A session in it would keep everybody from copying it.
    await session.query(`ALTER DATABASE ${draft} ALLOW_CONNECTIONS false`);
    await session.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  };
  await inTurn(session, `building ${name}`, build).catch((error: unknown) => {
    throw hasCode(error, LOCK_NOT_AVAILABLE) ? new Error(BUSY) : error;
  });
}

const LOCK_NOT_AVAILABLE = '55P03';
const BUSY =
  'Another test run has been migrating the template of the test databases for a minute. Start the tests again when ' +
  'it is done. If it hangs, end its session, which is one of these: SELECT pid, client_addr, backend_start FROM ' +
  "pg_stat_activity WHERE datname = 'postgres'.";

/** Runs a script of this project to its end. */
function run([script = '', ...args]: readonly string[], env?: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: CHECKOUT,
    encoding: 'utf8',
    ...(env ? { env } : {}),
  });
  if (status === 0) return;
  const what = [path.relative(CHECKOUT, script), ...args].join(' ');
  throw new Error(`The test databases cannot be set up, because ${what} has failed:\n${stdout}${stderr}`);
}
