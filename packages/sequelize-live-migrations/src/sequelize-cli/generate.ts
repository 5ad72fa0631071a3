import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from './errors';
import { migrationNames } from './migrations-folder';
import type { Folder, Project } from './project';
import { migrationSource, migrationTest, seederSource, seederTest } from './templates';

/** A file that a generator writes: its absolute path, and its text. */
type File = readonly [file: string, text: string];

/**
 * Generates migrations and seeders in place of sequelize-cli's own generators: those write JavaScript into the compiled
 * folder, from which the next compilation removes it. This writes TypeScript into the sources, with a test.
 *
 * @returns whether the command was a generator, and is done
 * @throws UsageError for the generators that have no replacement, with what to do instead
 */
export function generate(project: Project, command: string, name: string | undefined): boolean {
  if (/^migration:(generate|create)$/.test(command)) write(project, migrationFiles(project, slugOf(name)));
  else if (/^seed:(generate|create)$/.test(command)) write(project, seederFiles(project, slugOf(name)));
  else if (/^(model:(generate|create)|init(:.*)?)$/.test(command)) throw insteadOf(project, command);
  else return false;
  return true;
}

function migrationFiles(project: Project, slug: string): File[] {
  const name = `${timestampAfter(migrationNames(project).at(-1) ?? '')}-${slug}`;
  return [
    [path.join(project.migrations.sources, `${name}.ts`), migrationSource(slug)],
    ...testFile(project, project.migrations, name, migrationTest(name)),
  ];
}

function seederFiles(project: Project, slug: string): File[] {
  const { seeders } = project;
  if (!seeders) {
    throw new UsageError(
      'The .sequelizerc does not say where the seeders are: seeders: "…". Nothing was written.',
    );
  }
  const found = fs.existsSync(seeders.sources) ? fs.readdirSync(seeders.sources) : [];
  const last = found.filter((file) => /^\d.*\.ts$/.test(file)).sort();
  const name = `${timestampAfter(last.at(-1) ?? '')}-${slug}`;
  const fromTests =
    project.tests === undefined ? '' : path.join(project.tests, path.basename(seeders.sources));
  const module = path.posix.join(path.relative(fromTests, seeders.sources).replaceAll('\\', '/'), name);
  return [
    [path.join(seeders.sources, `${name}.ts`), seederSource(slug)],
    ...testFile(project, seeders, name, seederTest(module)),
  ];
}

/** A test, in a folder of the same name as that of what it tests. */
function testFile({ tests }: Project, { sources }: Folder, name: string, text: string): File[] {
  return tests === undefined ? [] : [[path.join(tests, path.basename(sources), `${name}.test.ts`), text]];
}

/** `add-rating-to-books` from a name in any notation. */
function slugOf(name = ''): string {
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

function write({ root, migrations }: Project, files: readonly File[]): void {
  if (!fs.existsSync(migrations.sources)) {
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

function insteadOf({ root, models }: Project, command: string): UsageError {
  if (command.startsWith('init')) {
    return new UsageError(`${command}: this project is set up already. Nothing was written.`);
  }
  const folder = models === undefined ? '' : ` in ${path.relative(root, models.sources)}`;
  return new UsageError(
    `${command} would write JavaScript, and a migration that no model is needed for. Nothing was written. Write the ` +
      `class${folder}, attach it as the others are, and generate the migration: ` +
      'npx sequelize-cli migration:generate --name create-…',
  );
}
