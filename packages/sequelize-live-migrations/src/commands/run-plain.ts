import { Sequelize } from 'sequelize';
import { type DryRun, dryRunPlain, printed, printedValues, type Sent } from '../plain';
import type { MigrationToPlan } from '../run';
import { failWithoutResult, plainMigration } from '../sequelize-cli';
import type { Context } from './command';

/** What is said of a plain migration that was not asked to be run. */
const NOT_ASKED = [
  'With --run-plain it is run in a transaction that is rolled back, and what it sends is printed.',
];

/**
 * What plain migrations do on the database, as lines for the script: run in a transaction that is rolled back, if asked to.
 *
 * @param isAsked whether to run them
 */
export async function plainLines(
  { project, run }: Context,
  migrations: readonly MigrationToPlan[],
  isAsked: boolean,
): Promise<(name: string) => readonly string[]> {
  if (!isAsked) return () => NOT_ASKED;
  const params = [run.sequelize.getQueryInterface(), Sequelize];
  const plain = migrations.filter(({ changes }) => changes === undefined);
  const toTry = plain.map(({ name, direction }) => plainMigration(project, name, direction, params));
  const end = failWithoutResult();
  const done = await dryRunPlain(run, toTry).finally(end);
  return (name) => {
    const before = migrations.slice(
      0,
      migrations.findIndex((one) => one.name === name),
    );
    return linesOf(done.get(name), before);
  };
}

/** @param before the pending ones before it, of which those that are declared are not run with it */
function linesOf(done: DryRun | undefined, before: readonly MigrationToPlan[]): string[] {
  if (!done) return [];
  const { sent, failure, notRun, warnings = [] } = done;
  if (notRun !== undefined) return linesIn(`It was not run: ${notRun}.`);
  const declared = before.filter(({ changes }) => changes !== undefined).map(({ name }) => name);
  const after = declared.length < before.length ? ', after the plain ones before it' : '';
  const without = declared.length > 0 ? `, without what is declared before it (${declared.join(', ')})` : '';
  const head = `It was run on this database${after}${without}, and rolled back. `;
  const what = sent.length > 0 ? 'It sends:' : 'It sends nothing.';
  return [
    ...warnings.flatMap(linesIn),
    head + what,
    ...sent.flatMap(statementLines),
    ...(failure === undefined ? [] : linesIn(`It fails: ${failure}`)),
  ];
}

function statementLines({ text, values, failure }: Sent): string[] {
  const sql = linesIn(`${printed(text)};`).map((line) => `  ${line}`);
  const given = values?.length ? linesIn(`    with ${printedValues(text, values)}`) : [];
  return [...sql, ...given, ...(failure === undefined ? [] : linesIn(`    fails: ${failure}`))];
}

/** Each is a comment of its own, which for psql ends at a carriage return as well. */
function linesIn(text: string): string[] {
  return text.split(/\r\n?|\n/);
}
