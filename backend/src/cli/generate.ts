import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from './errors';
import { migrationNames } from './folder';
import { migrationSource, migrationTest, seederSource, seederTest } from './templates';

const BACKEND = path.join(__dirname, '../..');

/** A file that a generator writes: its path in the project, and its text. */
type File = readonly [file: string, text: string];

/**
 * sequelize-cli's own generators write JavaScript into the compiled folder, from which the next compiling removes
 * it. In their place: TypeScript into the sources, and a test beside it.
 *
 * @returns whether the command was one of them, and is done
 * @throws UsageError for those that there is no sense in, with what to do instead
 */
export function generate(command: string, name: string | undefined): boolean {
  if (/^migration:(generate|create)$/.test(command)) write(migrationFiles(slugOf(name)));
  else if (/^seed:(generate|create)$/.test(command)) write(seederFiles(slugOf(name)));
  else if (/^(model:(generate|create)|init(:.*)?)$/.test(command)) throw insteadOf(command);
  else return false;
  return true;
}

function migrationFiles(slug: string): File[] {
  const name = `${timestampAfter(migrationNames().at(-1) ?? '')}-${slug}`;
  return [
    [`src/migrations/${name}.ts`, migrationSource(slug)],
    [`test/migrations/${name}.test.ts`, migrationTest(name)],
  ];
}

function seederFiles(slug: string): File[] {
  const folder = path.join(BACKEND, 'src/seeders');
  const seeders = fs.existsSync(folder)
    ? fs
        .readdirSync(folder)
        .filter((file) => /^\d.*\.ts$/.test(file))
        .sort()
    : [];
  const name = `${timestampAfter(seeders.at(-1) ?? '')}-${slug}`;
  return [
    [`src/seeders/${name}.ts`, seederSource(slug)],
    [`test/seeders/${name}.test.ts`, seederTest(name)],
  ];
}

/** `add-rating-to-sections`, however it was written. */
function slugOf(name = ''): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  const slug = words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (/^[a-z]/.test(slug)) return slug;
  throw new UsageError(
    '--name needs what it does, for example --name add-rating-to-sections. Nothing was written.',
  );
}

/** Now, as `20261122171500`, or a second after the last one, if that is in the future: it has to sort after it. */
function timestampAfter(last: string): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  if (now > last) return now;
  const [digits = ''] = /^\d*/.exec(last) ?? [];
  return String(BigInt(digits.padEnd(14, '0')) + 1n);
}

function write(files: readonly File[]): void {
  if (!fs.existsSync(path.join(BACKEND, 'src/migrations'))) {
    throw new UsageError(
      'The sources are not here, only what was compiled: generate it in a checkout. Nothing was written.',
    );
  }
  for (const [file, text] of files) {
    const target = path.join(BACKEND, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text, { flag: 'wx' }); // never over a file that is there
    console.log(`New file: backend/${file}`);
  }
}

function insteadOf(command: string): UsageError {
  return new UsageError(
    command.startsWith('init')
      ? `${command}: this project is set up already. Nothing was written.`
      : `${command} would write JavaScript, and a migration that no model is needed for. Nothing was written. Write the ` +
          'class in backend/src/models, after the pattern of user-session.ts, name it in attach.ts, and generate the ' +
          'migration: npx sequelize-cli migration:generate --name create-…; npm run db:check tells whether they agree.',
  );
}
