import { assertKnown, assertSql } from './assertions';
import type { RunSql } from './changes';

/** SQL for what has no word of its own: functions, triggers, views, policies, extensions. */
export interface SqlOptions {
  /** One or more statements, which run in one transaction with their neighbours. */
  readonly up: string;
  /** What undoes them. Left out, the migration cannot be undone. */
  readonly down?: string;
  /** A query that finds a row where `up` has been done. Needed where `up` cannot be repeated. */
  readonly unless?: string;
}

/** @throws where something of the SQL is not known, or cannot be in a transaction */
export function runSql(options: SqlOptions): RunSql {
  assertKnown('sql', options, ['up', 'down', 'unless']);
  const { up, down, unless } = options;
  for (const [name, text] of Object.entries({ up, down, unless })) {
    if (text !== undefined || name === 'up') assertSql(`sql: ${name}`, text);
  }
  return { kind: 'sql', up, down, unless };
}
