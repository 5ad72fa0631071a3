import fs from 'node:fs';
import path from 'node:path';
import { type Folder, generatesMigration, migrationNames, type Project, UsageError } from '../sequelize-cli';
import { isCompiled, languageOf } from './language';
import {
  type DeclaredMigration,
  declaredSource,
  migrationSource,
  migrationTest,
  seederSource,
  seederTest,
} from './templates';

/** A file that a generator writes: its absolute path, and its text. */
export type File = readonly [file: string, text: string];

/**
 * Generates migrations and seeders in place of sequelize-cli's own generators: those write plain migrations, and in a
 * project in TypeScript they write them into the compiled folder, from which the next compilation removes them. This
 * writes declarations into the sources, in the language of the sources, with a test.
 *
 * @returns whether the command was a generator, and is done
 * @throws UsageError for a name that says nothing
 */
export function generateFile(project: Project, command: string, name: string | undefined): boolean {
  if (generatesMigration(command)) writeFiles(project, migrationFiles(project, slugOf(name)));
  else if (/^seed:(generate|create)$/.test(command)) writeFiles(project, seederFiles(project, slugOf(name)));
  else return false;
  return true;
}

/**
 * A new migration, and its test.
 *
 * @param slug `add-rating-to-books`
 * @param declared what it declares; left out: a template, which names of this form say what to declare in
 * @param last the name of the migration before it, where that is not compiled yet
 */
export function migrationFiles(
  project: Project,
  slug: string,
  declared?: DeclaredMigration,
  last = migrationNames(project).at(-1) ?? '',
): File[] {
  const { migrations } = project;
  const language = languageOf(migrations);
  const name = `${timestampAfter(last)}-${slug}`;
  const source = declared ? declaredSource(declared, language) : migrationSource(slug, language);
  return [
    [path.join(migrations.sources, `${name}.${language}`), source],
    ...testFile(project, migrations, name, migrationTest(name, language, declared?.isLeft)),
  ];
}

function seederFiles(project: Project, slug: string): File[] {
  const seeders = project.seeders ?? (isCompiled(project) ? undefined : folderNamed(project, 'seeders'));
  if (!seeders) {
    throw new UsageError(
      'The .sequelizerc does not say where the seeders are: seeders: "…". Nothing was written.',
    );
  }
  const found = fs.existsSync(seeders.sources) ? fs.readdirSync(seeders.sources) : [];
  const last = found.filter((file) => /^\d.*\.[cm]?[jt]s$/.test(file)).sort();
  const language = languageOf(seeders);
  const name = `${timestampAfter(last.at(-1) ?? '')}-${slug}`;
  const fromTests =
    project.tests === undefined ? '' : path.join(project.tests, path.basename(seeders.sources));
  const file = language === 'cjs' ? `${name}.cjs` : name;
  const module = path.posix.join(path.relative(fromTests, seeders.sources).replaceAll('\\', '/'), file);
  return [
    [path.join(seeders.sources, `${name}.${language}`), seederSource(slug, language)],
    ...testFile(project, seeders, name, seederTest(module, language)),
  ];
}

/** A folder where sequelize-cli has it. */
function folderNamed({ root }: Project, name: string): Folder {
  return { sources: path.join(root, name), compiled: path.join(root, name) };
}

/** A test, in a folder of the same name as that of what it tests. */
function testFile({ tests }: Project, folder: Folder, name: string, text: string): File[] {
  if (tests === undefined) return [];
  const file = `${name}.test.${languageOf(folder)}`;
  return [[path.join(tests, path.basename(folder.sources), file), text]];
}

/** `add-rating-to-books` from a name in any notation. */
export function slugOf(name = ''): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  const slug = words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (/^[a-z]/.test(slug)) return slug;
  throw new UsageError(
    '--name needs what it does, for example --name add-rating-to-books. Nothing was written.',
  );
}

/** The time as `20261122171500`, or a second after the last name's if that is in the future, so that it sorts last. */
function timestampAfter(last: string): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  if (now > last) return now;
  const [digits = ''] = /^\d*/.exec(last) ?? [];
  return String(BigInt(digits.padEnd(14, '0')) + 1n);
}

/** Writes new files, and prints their names. @throws UsageError in an installation without the sources */
export function writeFiles(project: Project, files: readonly File[]): void {
  const { root, migrations } = project;
  if (!fs.existsSync(migrations.sources) && migrationNames(project).length > 0) {
    throw new UsageError(
      'The sources are not here, only what was compiled: generate it in a checkout. Nothing was written.',
    );
  }
  for (const [file, text] of files) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { flag: 'wx' }); // fails where the file exists
    console.log(`New file: ${path.relative(root, file).replaceAll('\\', '/')}`);
  }
}
