import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { messageOf, urlOfSibling } from '../configuration';
import { loadProject, projectDatabase } from '../sequelize-cli';
import { dropDatabase } from './database';
import { handedOn, handOn } from './environment';
import { claim, keepOpen, openSession, unlessClaimed } from './session';
import { compile, createMissingTemplate, templateNameFor } from './template';

const RUN_PREFIX = 'live_migrations_run_';

/** Of the run that this process has begun: holds its claims, so that its databases go only when it has ended. */
let claims: Client | undefined;

export interface TestRunOptions {
  /** The folder of the project, which has the `.sequelizerc`. */
  readonly root: string;
  /**
   * The URL of any database of the server that is to hold the test databases; nothing in it is touched. Left out: the
   * database that the project's configuration names.
   */
  readonly url?: string;
}

/**
 * Begins a test run: compiles the project, drops what killed runs have left, sees to it that there is a template of
 * the migrations as they are now, and hands on to this process and those that it starts where to find it.
 *
 * @throws in a message that says what to change
 */
export async function beginRun({ root, url }: TestRunOptions): Promise<void> {
  compile(root);
  const project = loadProject(root);
  const serverUrl = url ?? (await projectDatabase(project)).url;
  const session = await openSession(serverUrl);
  try {
    await keepOpen(session);
    const template = await templateNameFor(session, project);
    await dropAbandoned(session, template);
    const name = `${RUN_PREFIX}${randomBytes(8).toString('hex')}`;
    await claim(session, name);
    await claim(session, template);
    await createMissingTemplate(session, { url: serverUrl, root, name: template, runName: name });
    handOn({ name, root, templateUrl: urlOfSibling(serverUrl, template) });
  } catch (error) {
    await session.end();
    throw error;
  }
  claims = session;
}

/** Ends the run that this process has begun: drops its databases. The template stays for the next run. */
export async function endRun(): Promise<void> {
  const session = claims;
  claims = undefined;
  if (!session) return;
  try {
    for (const { name, claimed } of await databasesOfRuns(session)) {
      if (claimed === handedOn().name) await dropDatabase(session, name);
    }
  } finally {
    await session.end();
  }
}

/**
 * Drops the databases of runs that have ended without doing so, and the templates of other migrations that no run
 * uses. Whether a run is still there is seen by its claim, and not by a process: it may be on another machine.
 */
async function dropAbandoned(session: Client, template: string): Promise<void> {
  for (const { name, claimed } of await databasesOfRuns(session)) {
    if (name === template) continue;
    await unlessClaimed(session, claimed, () => dropDatabase(session, name)).catch((error: unknown) => {
      console.warn(`The test database ${name}, which nobody needs, cannot be dropped: ${messageOf(error)}`);
    });
  }
}

/** The test databases and templates that the session's role owns, each with the name by which it is claimed. */
async function databasesOfRuns(session: Client) {
  const { rows } = await session.query<{ name: string; claimed: string }>(
    `SELECT datname AS name, substring(datname FROM '^live_migrations_[a-z]+_[0-9a-f]{16}') AS claimed
     FROM pg_database WHERE datname ~ '^live_migrations_(template|run)_[0-9a-f]{16}(_[0-9a-f]{16})?$'
       AND pg_get_userbyid(datdba) = current_user`,
  );
  return rows;
}
