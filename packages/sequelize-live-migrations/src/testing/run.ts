import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { messageOf, sourceOf, urlForDriver, urlOfServer, urlOfSibling } from '../configuration';
import { assertOneSequelize, loadProject, type Project, projectDatabase } from '../sequelize-cli';
import { dropDatabase } from './database';
import { currentTestRun, setTestRun } from './environment';
import { ifNotLocked, keepOpen, lockShared, openSession } from './session';
import { compile, createMissingTemplate, templateNameFor } from './template';

const RUN_PREFIX = 'live_migrations_run_';

/** The session that holds the locks of the run that this process has begun, so that no other run drops its databases. */
let lockSession: Client | undefined;

export interface TestRunOptions {
  /** The folder of the project, which has the `.sequelizerc`. */
  readonly root: string;
  /**
   * The URL of any database of the server on which to create the test databases; nothing in it is touched. Left out:
   * the database that the project's configuration names.
   */
  readonly url?: string;
}

/**
 * Begins a test run: compiles the project, drops what killed runs have left, creates the template of the migrations as
 * they are now, unless it exists, and passes its URL on to the tests.
 *
 * @throws with what to change
 */
export async function beginRun({ root, url }: TestRunOptions): Promise<void> {
  compile(root);
  const project = loadProject(root);
  assertOneSequelize(project);
  const { url: serverUrl, source } = await serverFor(project, url);
  const session = await openSession(serverUrl, source);
  try {
    const template = await templateNameFor(session, project);
    const name = await beginIn(session, (database) => database !== template);
    await lockShared(session, template);
    await createMissingTemplate(session, { url: serverUrl, root, name: template, runName: name });
    setTestRun({ name, root, templateUrl: urlForDriver(urlOfSibling(serverUrl, template)) });
  } catch (error) {
    await session.end();
    throw error;
  }
  lockSession = session;
}

/** The server to create test databases on, and where it is configured. */
export async function serverFor(project: Project, url: string | undefined) {
  if (url === undefined) return projectDatabase(project);
  const source = sourceOf(url);
  return { url: await urlOfServer(source ?? 'The URL of the test databases', url), source };
}

/** Ends the run that this process has begun, and drops its databases. The template stays for the next run. */
export async function endRun(): Promise<void> {
  const session = lockSession;
  lockSession = undefined;
  if (!session) return;
  try {
    for (const { name, lockName } of await databasesOfRuns(session)) {
      if (lockName === currentTestRun().name) await dropDatabase(session, name);
    }
  } finally {
    await session.end();
  }
}

/**
 * Begins a run in a session, which holds its lock. Before that, it drops the databases of runs that have ended without
 * dropping them, and templates that no run uses. Whether a run has ended is known by its lock, and not by its process,
 * which may be on another machine.
 *
 * @param mayGo whether a database that nobody uses is to be dropped: a template may be what the next test run needs
 * @returns the name of the run, with which those of its databases begin
 */
export async function beginIn(
  session: Client,
  mayGo: (database: string) => boolean = isOfRun,
): Promise<string> {
  await keepOpen(session);
  await dropUnused(session, mayGo);
  const name = `${RUN_PREFIX}${randomBytes(8).toString('hex')}`;
  await lockShared(session, name);
  return name;
}

function isOfRun(database: string): boolean {
  return database.startsWith(RUN_PREFIX);
}

async function dropUnused(session: Client, mayGo: (name: string) => boolean): Promise<void> {
  for (const { name, lockName } of await databasesOfRuns(session)) {
    if (!mayGo(name)) continue;
    await ifNotLocked(session, lockName, () => dropDatabase(session, name)).catch((error: unknown) => {
      console.warn(`The test database ${name}, which nobody needs, cannot be dropped: ${messageOf(error)}`);
    });
  }
}

/** The test databases and templates that the session's role owns, each with the name of the lock that protects it. */
async function databasesOfRuns(session: Client) {
  const { rows } = await session.query<{ name: string; lockName: string }>(
    `SELECT datname AS name, substring(datname FROM '^live_migrations_[a-z]+_[0-9a-f]{16}') AS "lockName"
     FROM pg_database WHERE datname ~ '^live_migrations_(template|run)_[0-9a-f]{16}(_[0-9a-f]{16})?$'
       AND pg_get_userbyid(datdba) = current_user`,
  );
  return rows;
}
