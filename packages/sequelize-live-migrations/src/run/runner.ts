import path from 'node:path';
import type { Sequelize } from 'sequelize';

/**
 * Keeps the record of which migrations have run. Where the storage has given one, the runner writes the
 * record in the transaction of the change itself, so that a crash leaves both or neither.
 */
export interface MigrationLog {
  logging(name: string): Promise<LogChange>;
  unlogging(name: string): Promise<LogChange>;
}

/** A change of the record, as the last statements of a transaction. */
export interface LogChange {
  /** The record's own table, where it is there already. */
  readonly table?: { readonly name: string; readonly sql: string };
  readonly statements: readonly string[];
}

/** How far some work has come. */
export interface Progress {
  /** `create index user_sessions_status: building index` */
  readonly what: string;
  readonly done: number;
  /** Left out where it is not known beforehand. */
  readonly total?: number;
}

/** Where the runner tells what it does. */
export interface Reporter {
  line(text: string): void;
  /** Told again and again while something takes its time; undefined when that is over. */
  progress(progress: Progress | undefined): void;
}

/** How long the runner waits for what. All in milliseconds. */
export interface Limits {
  /** For one attempt at a lock that keeps the service waiting: the longest stall that it may notice. */
  readonly lockTimeoutMs: number;
  /** For all attempts at the locks of one transaction together. */
  readonly lockWaitMs: number;
  /** For a statement that goes through a whole table, and for which nobody waits. */
  readonly longStatementMs: number;
}

/** What a storage may give the runner of the migrations that go through a Sequelize instance. */
export interface Runner {
  /** Left out under a storage that is not ours, such as stock umzug's, which then keeps the record itself. */
  readonly log?: MigrationLog;
  readonly limits: Limits;
  readonly reporter: Reporter;
}

export const DEFAULT_LIMITS: Limits = {
  lockTimeoutMs: 300,
  lockWaitMs: 2 * 60_000,
  longStatementMs: 30 * 60_000,
};

const DEFAULT: Runner = {
  limits: DEFAULT_LIMITS,
  reporter: { line: (text) => console.log(`   ${text}`), progress: () => undefined },
};

const runners = new WeakMap<Sequelize, Runner>();

/** From now on, migrations that run through `sequelize` are run so. */
export function runThrough(sequelize: Sequelize, runner: Runner): void {
  runners.set(sequelize, runner);
}

export function runnerOf(sequelize: Sequelize): Runner {
  return runners.get(sequelize) ?? DEFAULT;
}

/**
 * The name under which a migration is recorded: that of the compiled file, whatever ran it. A database that
 * knew `x.ts` besides would run `x.js` again.
 */
export function migrationNameOf(file: string): string {
  return path.basename(file).replace(/\.[cm]?[jt]s$/, '.js');
}
