import path from 'node:path';
import { parseArgs } from 'node:util';
import { modelsOf } from '../commands';
import { ConfigurationError, messageOf } from '../configuration';
import { bodyOf, insteadOf, wrapped } from '../models';
import { migrationFiles, slugOf, writeFiles } from '../generators';
import { declaredChangesOf, importMigrations, migrationNames, type Project } from '../sequelize-cli';
import { withQuietRun } from '../session';
import { withMigratedDatabase } from '../testing';
import type { Difference } from './between-schemas';
import { differencesBetween } from './compare';
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
    report(await differencesOf(project));
    return;
  }
  const slug = slugOf(values.name);
  try {
    await write(project, slug, await differencesOf(project));
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
async function differencesOf(project: Project): Promise<Difference[]> {
  const models = await modelsOf(project);
  await importMigrations(project);
  const earlier = migrationNames(project).flatMap((name) => declaredChangesOf(project, name, 'up') ?? []);
  return withMigratedDatabase({ root: project.root }, (url) =>
    withQuietRun(url, (run) =>
      withQuestions((questions) => differencesBetween(run, models, earlier, questions)),
    ),
  );
}

async function write(project: Project, slug: string, differences: readonly Difference[]): Promise<void> {
  say(differences);
  const parts = differences.filter(({ proposals }) => proposals.length > 0);
  if (parts.length === 0) {
    console.log('The migrations make all that the models declare: this is the template.');
    writeFiles(project, migrationFiles(project, slug));
    return;
  }
  const written = parts.filter(({ proposals }) => proposals.some(({ up }) => up.length > 0));
  if (written.length === 0) {
    throw new Error(
      'None of this can be written as it stands. Nothing was written. --empty writes the template.',
    );
  }
  let last: string | undefined;
  for (const part of written) {
    const name = parts.length === 1 ? slug : slugOfPart(slug, part);
    const files = await formattedFiles(project, migrationFiles(project, name, declaredIn(part), last));
    writeFiles(project, files);
    last = path.basename(files[0]?.[0] ?? '');
  }
}

/** The name of one of several migrations: `add-events`, `add-events-in-audit`, `add-events-keys`. */
function slugOfPart(slug: string, { of, isOfSchema }: Difference): string {
  if (of === undefined) return slug;
  return slugOf(`${slug}-${isOfSchema ? 'in-' : ''}${of}`);
}

function declaredIn({ proposals, undeclared, locks, previousRelease }: Difference) {
  return {
    comment: [locks, previousRelease].flatMap((sentence) => wrapped(sentence)),
    statements: bodyOf([...proposals, ...undeclared]),
    isLeft: proposals.every(({ isLeft }) => isLeft === true),
  };
}

/** Prints what is to be known before the migrations run: first of all, what they remove. */
function say(differences: readonly Difference[]): void {
  for (const { of, isOfSchema, proposals, undeclared } of differences) {
    const notes = [...proposals, ...undeclared].flatMap((proposal) => [
      ...proposal.notes,
      ...insteadOf(proposal),
    ]);
    if (notes.length > 0 && isOfSchema) console.log(`In schema ${String(of)}:`);
    for (const note of notes) console.log(note);
  }
}

function report(differences: readonly Difference[]): void {
  say(differences.map((one) => ({ ...one, proposals: [] })));
  const proposals = differences.flatMap((one) => one.proposals);
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
