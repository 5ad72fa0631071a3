import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Client } from 'pg';
import { messageOf, urlOfSibling } from '../configuration';
import { SQLSTATE, sqlStateOf } from '../postgres';
import type { Project } from '../sequelize-cli';
import { createDatabase, newDatabaseName } from './database';
import { environmentFor } from './environment';
import { withLock } from './session';

const PACKAGE = path.resolve(__dirname, '../..');
const TEMPLATE_PREFIX = 'live_migrations_template_';

/**
 * The name of the template for the migrations of a project and the session's role. It contains a hash of the migrations
 * and of this package, so that a changed migration gets a new template. Each role has its own, because only the owner of
 * a database may copy it.
 */
export async function templateNameFor(session: Client, { migrations }: Project): Promise<string> {
  const { rows } = await session.query<{ role: string }>('SELECT current_user AS role');
  const hash = createHash('sha256').update(`${rows[0]?.role ?? ''}\0`);
  for (const folder of [migrations.compiled, path.join(PACKAGE, 'dist')]) {
    for (const file of scriptsIn(folder)) {
      hash.update(`${file}\0`).update(fs.readFileSync(path.join(folder, file)));
    }
  }
  return `${TEMPLATE_PREFIX}${hash.digest('hex').slice(0, 16)}`;
}

/** None where there is no folder, which `db:migrate` has a message for. */
function scriptsIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.js')).sort();
}

/** Compiles a project where its sources have changed. @throws with the compiler's output */
export function compile(root: string): void {
  run(root, [path.join(PACKAGE, 'bin.js'), 'build']);
}

/** A template to create. */
interface Template {
  /** The URL of any database of the server. */
  readonly url: string;
  /** The folder of the project whose migrations to run in it. */
  readonly root: string;
  readonly name: string;
  readonly runName: string;
}

/**
 * Creates the template unless it exists. It is built as a database of the run, so that it is dropped when the run is
 * killed, and gets the template's name when it is complete, so that no unfinished one is copied.
 *
 * @throws where a migration fails, with all that sequelize-cli has printed
 */
export async function createMissingTemplate(session: Client, { url, root, name, runName }: Template) {
  const build = async () => {
    const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const draft = newDatabaseName(runName);
    await createDatabase(session, draft, 'template0');
    run(root, [sequelizeCliOf(root), 'db:migrate'], environmentFor(urlOfSibling(url, draft)));
    // With a session in it, it could not be copied.
    await session.query(`ALTER DATABASE ${draft} ALLOW_CONNECTIONS false`);
    await session.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  };
  await withLock(session, `building ${name}`, build).catch((error: unknown) => {
    if (sqlStateOf(error) !== SQLSTATE.lockNotAvailable) throw error;
    throw new Error(`${messageOf(error)}. ${BUSY}`);
  });
}

const BUSY =
  'Another test run has been migrating the template of the test databases for a minute. Start the tests again when ' +
  'it is done. If it hangs, end its session, which is one of these: SELECT pid, client_addr, backend_start FROM ' +
  "pg_stat_activity WHERE datname = 'postgres'.";

/** The script of sequelize-cli, as the project finds it: installed there, or in a workspace above it. */
function sequelizeCliOf(root: string): string {
  return createRequire(path.join(root, 'package.json')).resolve('sequelize-cli/lib/sequelize');
}

/** Runs a script in a folder, and waits for it. @throws with its output, where it fails */
function run(folder: string, [script = '', ...args]: readonly string[], env?: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    ...(env ? { env } : {}),
  });
  if (status === 0) return;
  const command = [path.basename(script, '.js'), ...args].join(' ');
  throw new Error(`The test databases cannot be set up, because ${command} has failed:\n${stdout}${stderr}`);
}
