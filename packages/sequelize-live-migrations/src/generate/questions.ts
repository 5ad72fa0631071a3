import { createInterface } from 'node:readline/promises';
import type { NameChange } from '../models';

/** What only whoever has changed the models knows. */
export interface Questions {
  /** Whether something has got another name; undefined where nobody can be asked. */
  isRename(rename: NameChange): Promise<boolean | undefined>;
  /** The SQL expression that gives the rows that are there a value of a new column; undefined where it is left open. */
  backfillOf(table: string, column: string): Promise<string | undefined>;
}

/** Asks nobody: what is to be decided is written into the migration. */
export const LEFT_OPEN: Questions = {
  isRename: () => Promise.resolve(undefined),
  backfillOf: () => Promise.resolve(undefined),
};

/** The same about the tables of a schema: undefined for that of the migration log. */
export function inQuestions(schema: string | undefined, questions: Questions): Questions {
  if (schema === undefined) return questions;
  const inIt = (table: string) => `${schema}.${table}`;
  return {
    isRename: (rename) =>
      questions.isRename(
        rename.kind === 'renameTable'
          ? { ...rename, table: inIt(rename.table), from: inIt(rename.from), to: inIt(rename.to) }
          : { ...rename, table: inIt(rename.table) },
      ),
    backfillOf: (table, column) => questions.backfillOf(inIt(table), column),
  };
}

/** Asks on the terminal, where the command has one. */
export async function withQuestions<T>(work: (questions: Questions) => Promise<T>): Promise<T> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return work(LEFT_OPEN);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await work({
      async isRename({ kind, table, from, to }) {
        const [was, is] = kind === 'renameTable' ? [from, to] : [`${table}.${from}`, `${table}.${to}`];
        const answer = await terminal.question(`Is ${is} what was ${was} before, under another name? [y/N] `);
        return /^y(es)?$/i.test(answer.trim());
      },
      async backfillOf(table, column) {
        const answer = await terminal.question(
          `${table}.${column} is not null and has no default. Which value do the rows that are there get? An SQL ` +
            "expression, such as 0, '' or now(); nothing, to write it into the migration later: ",
        );
        return answer.trim() || undefined;
      },
    });
  } finally {
    terminal.close();
  }
}
