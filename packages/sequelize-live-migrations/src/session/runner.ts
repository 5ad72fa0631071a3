import path from 'node:path';
import type { QueryInterface, Sequelize } from 'sequelize';
import type { Change } from '../vocabulary';

/**
 * Which migrations have run. Where the storage provides the log, the runner writes it in the transaction of the change
 * itself, so that after a crash there are both or neither.
 */
export interface MigrationLog {
  /** Whether the file of a migration exports a function as its `up` or `down`. */
  exports(name: string, direction: 'up' | 'down', work: (queryInterface: QueryInterface) => unknown): boolean;
  /** The changes that the logged migrations after one declare, in order. */
  changesAfter(name: string): readonly Change[];
  /** The same for those before one. */
  changesBefore(name: string): readonly Change[];
  /** What logs a migration that has run, or unlogs one that is undone. */
  logChange(name: string, direction: 'up' | 'down'): Promise<LogChange>;
}

/** A change of the migration log, as the last statements of a transaction. */
export interface LogChange {
  /** The table of the log, where it exists already. */
  readonly table?: { readonly name: string; readonly sql: string };
  readonly statements: readonly string[];
  /** To be called when the transaction is committed: then umzug need not have the log changed once more. */
  readonly onCommitted?: () => void;
}

/** How much of some work is done. */
export interface Progress {
  /** `create index pets_kind: building index` */
  readonly what: string;
  readonly done: number;
  /** Left out where it is not known. */
  readonly total?: number;
}

/** Reports what the runner does. */
export interface Reporter {
  line(text: string): void;
  /** Called repeatedly while a step takes long, and with undefined at its end. */
  progress(progress: Progress | undefined): void;
}

/** How long the runner waits, in milliseconds. */
export interface Limits {
  /** For one attempt at a lock that blocks the application: the longest time for which the application may wait. */
  readonly lockTimeoutMs: number;
  /** For all attempts at the locks of one transaction together. */
  readonly lockWaitMs: number;
  /** For a statement that scans a whole table and blocks neither reads nor writes. */
  readonly longStatementMs: number;
}

/** How to run the migrations that use a Sequelize instance. */
export interface Runner {
  /** Left out with another storage than this package's, such as umzug's own, which then writes the log itself. */
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

/** Sets the runner of the migrations that use `sequelize`. */
export function setRunner(sequelize: Sequelize, runner: Runner): void {
  runners.set(sequelize, runner);
}

export function runnerOf(sequelize: Sequelize): Runner {
  return runners.get(sequelize) ?? DEFAULT;
}

/**
 * The name of a migration in the migration log: that of the compiled file, whatever ran it. A database that had `x.ts`
 * in its log would run `x.js` again.
 */
export function migrationNameOf(file: string): string {
  return path.basename(file).replace(/\.[cm]?[jt]s$/, '.js');
}
