import { parseArgs } from 'node:util';
import { modelsOf } from '../commands';
import { ConfigurationError, messageOf } from '../configuration';
import { bodyOf, type Proposal, wrapped } from '../models';
import {
  declaredChangesOf,
  migrationFiles,
  migrationNames,
  type Project,
  slugOf,
  writeFiles,
} from '../sequelize-cli';
import { withMigratedDatabase } from '../testing';
import { type Difference, differenceBetween } from './compare';
import { formattedFiles } from './formatted';
import { withQuestions } from './questions';

/**
 * Generates a migration from the models: what sequelize-cli's `migration:generate` runs.
 *
 * @param args `--name NAME`; `--check`: writes nothing, and ends with exit code 1 where the models declare what no
 *   migration makes
 */
export function generateMigration(project: Project, args: readonly string[]): void {
  generate(project, args).catch((error: unknown) => {
    console.error(`ERROR: ${messageOf(error)}`);
    process.exitCode = 1;
  });
}

async function generate(project: Project, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { name: { type: 'string' }, check: { type: 'boolean' } },
  });
  if (values.check) {
    report(await differenceOf(project));
    return;
  }
  const slug = slugOf(values.name);
  try {
    await write(project, slug, await differenceOf(project));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw nothingWritten(error);
    console.log(
      `This is the template, not compared with the models, because there is no database for that: ${error.message}`,
    );
    writeFiles(project, migrationFiles(project, slug));
  }
}

function nothingWritten(error: unknown): Error {
  const message = messageOf(error).replace(/\.?$/, '.');
  const outcome = message.includes('Nothing was written')
    ? ''
    : ' Nothing was written. --empty writes the template.';
  return new Error(message + outcome, { cause: error });
}

/** @throws ConfigurationError where there is no database to run the migrations in */
function differenceOf(project: Project): Promise<Difference> {
  const models = modelsOf(project);
  const earlier = migrationNames(project).flatMap((name) => declaredChangesOf(project, name, 'up') ?? []);
  return withMigratedDatabase({ root: project.root }, (url) =>
    withQuestions((questions) => differenceBetween(url, models, earlier, questions)),
  );
}

async function write(project: Project, slug: string, difference: Difference): Promise<void> {
  const { proposals, undeclared, locks, previousRelease } = difference;
  if (proposals.length === 0) {
    say(undeclared);
    console.log('The migrations make all that the models declare: this is the template.');
    writeFiles(project, migrationFiles(project, slug));
    return;
  }
  say([...proposals, ...undeclared]);
  if (proposals.every(({ up }) => up.length === 0)) {
    throw new Error(
      'None of this can be written as it stands. Nothing was written. --empty writes the template.',
    );
  }
  const declared = {
    comment: [locks, previousRelease].flatMap((sentence) => wrapped(sentence)),
    statements: bodyOf([...proposals, ...undeclared]),
    isLeft: proposals.every(({ isLeft }) => isLeft === true),
  };
  writeFiles(project, await formattedFiles(project, migrationFiles(project, slug, declared)));
}

/** Prints what is to be known before the migration runs, a line each: first of all, what it removes. */
function say(proposals: readonly Proposal[]): void {
  for (const note of proposals.flatMap(({ notes }) => notes)) console.log(note);
}

function report({ proposals, undeclared }: Difference): void {
  say(undeclared);
  if (proposals.length === 0) {
    console.log('The migrations make all that the models declare.');
    return;
  }
  console.log(bodyOf(proposals).replace(/^ {4}/gm, ''));
  console.error(
    'ERROR: The models declare what no migration makes: the above. Nothing was written. Write the migration: ' +
      'npx sequelize-cli migration:generate --name …',
  );
  process.exitCode = 1;
}
