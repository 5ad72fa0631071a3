import { isConnectionLost, statementsIn } from '../postgres';
import { CITUS_MODE, type Result, type Results, rowsIn } from '../session';
import { type Client, rowsOf, type SentStatement } from './stand-in';

/** What is gone back to when a statement fails, and where a transaction of the author's has begun. */
const STATEMENT = 'SAVEPOINT plain_statement';
const AUTHORS = 'SAVEPOINT plain_transaction';

/**
 * Checks what is deferred, as a commit does, and has the constraints be deferred again that are so from the beginning, as
 * in a new transaction. `SET CONSTRAINTS ALL` would hold for those as well that are yet to be made.
 */
export const CHECK_DEFERRED = `DO $check$ DECLARE checked text; again text; BEGIN
  SELECT string_agg(name, ', '), string_agg(name, ', ') FILTER (WHERE condeferred) INTO checked, again
  FROM (SELECT DISTINCT format('%I.%I', nspname, conname) AS name, condeferred
    FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace WHERE condeferrable) AS constraints;
  IF checked IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || checked || ' IMMEDIATE'; END IF;
  IF again IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || again || ' DEFERRED'; END IF;
END $check$`;

/** What was set since the session began, as statements. */
const SETTINGS_OF_SESSION = `SELECT format('SELECT set_config(%L, %L, false)', name, setting) AS sql
  FROM pg_settings WHERE source = 'session' AND context IN ('user', 'superuser')`;

/**
 * Statements in one transaction, as if each were one of its own: one that fails takes nothing else with it. Each leaves
 * the savepoint for the next one behind, in its own message; one in front of it would not be there after a syntax error,
 * for which the server executes nothing of a message.
 */
export class Savepoints {
  /** With Citus: of statements that it forwards to its workers as text, it accepts only one in a message. */
  private isByItself = false;

  constructor(private readonly client: Client) {}

  /** Begins the transaction with some statements, of which one is `beginWorkSql`. @returns the rows of that */
  async start(statements: readonly string[]): Promise<readonly object[]> {
    const rows = await rowsOf(this.client, [...statements, STATEMENT].join(';\n'));
    this.isByItself = rows.some((row) => CITUS_MODE in row && row[CITUS_MODE] !== null);
    return rows;
  }

  async statement(statement: SentStatement): Promise<Results> {
    const next = `RELEASE ${STATEMENT};${STATEMENT}`;
    if (!statement.values?.length) return this.query(statement.text, next, 2);
    try {
      const results = await this.client.query(statement); // such a message has only one statement
      await this.client.query(next);
      return results;
    } catch (error) {
      return this.goBack(error);
    }
  }

  /** A savepoint of the author's, or the way back to one. */
  savepoint(text: string): Promise<Results> {
    return this.query(text, STATEMENT, 1);
  }

  /** Statements of ours, which stay. */
  next(statements: string): Promise<Results> {
    return this.query(statements, `RELEASE ${STATEMENT};${STATEMENT}`, 2);
  }

  /** @returns statements that set again what is set in the session now */
  async settings(): Promise<string> {
    const rows = rowsIn(await this.next(SETTINGS_OF_SESSION));
    return ['RESET ALL', ...rows.map((row) => String(Reflect.get(row, 'sql')))].join(';');
  }

  begin(): Promise<Results> {
    return this.query(AUTHORS, STATEMENT, 1);
  }

  /** Ends a transaction of the author's. What it has deferred is checked now, as at every commit. */
  async commit(): Promise<Results> {
    try {
      return await this.query(`${CHECK_DEFERRED};RELEASE ${AUTHORS}`, STATEMENT, 1);
    } catch (error) {
      await this.rollBack();
      throw error;
    }
  }

  rollBack(): Promise<Results> {
    return this.query(`ROLLBACK TO ${AUTHORS};RELEASE ${AUTHORS}`, STATEMENT, 1);
  }

  /** @param more statements of ours in the same message, and how many these are, for their results to be left out */
  private async query(text: string, more: string, count: number): Promise<Results> {
    try {
      const results = await this.resultsOf(text, more, count);
      return results.length > 1 ? results : (results[0] ?? { rows: [] });
    } catch (error) {
      return this.goBack(error);
    }
  }

  private async resultsOf(text: string, more: string, count: number): Promise<Result[]> {
    if (!this.isByItself) return [await this.client.query(`${text}\n;${more}`)].flat().slice(0, -count);
    const results: Result[] = [];
    for (const statement of statementsIn(text)) results.push(...[await this.client.query(statement)].flat());
    await this.client.query(more);
    return results;
  }

  private async goBack(error: unknown): Promise<never> {
    if (!isConnectionLost(error)) await this.client.query(`ROLLBACK TO ${STATEMENT}`);
    throw error;
  }
}
