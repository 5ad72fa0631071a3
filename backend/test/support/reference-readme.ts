import { shell, shellWithShortNpx } from './cli';
import { createDatabase, createMigratedDatabase } from './database';
import { MIGRATIONS } from './migrations';
import { recordsOf } from './schema';

const FIRST = 'npx sequelize-cli db:migrate';

/** What the commands of the reference readme leave behind: where they are typed, and what is recorded afterwards. */
export const EXPECTATIONS: Record<string, { from: readonly string[]; to: readonly string[] }> = {
  [FIRST]: { from: [], to: MIGRATIONS },
  'npx sequelize-cli db:migrate --to 20250723-add-status-to-user-sessions.js': {
    from: [],
    to: MIGRATIONS.slice(0, 2),
  },
  'npx sequelize-cli db:migrate:undo': { from: MIGRATIONS, to: MIGRATIONS.slice(0, -1) },
  'npx sequelize-cli db:migrate:undo:all': { from: MIGRATIONS, to: [] },
  'npx sequelize-cli db:migrate:undo --to 20250723-add-status-to-user-sessions.js': {
    from: MIGRATIONS,
    to: MIGRATIONS.filter((name) => !name.includes('add-status')),
  },
};

/** Those that `npm test` types; the other ones are in reference-readme.slow.test.ts. */
export const QUICK: readonly string[] = [FIRST, 'npx sequelize-cli db:migrate:undo'];

/** Types one of them. @returns what it says of errors, and what it leaves behind */
export async function typeAsItStands(command: string) {
  const isFromNothing = EXPECTATIONS[command]?.from.length === 0;
  const database = await (isFromNothing ? createDatabase() : createMigratedDatabase());
  // npm's own npx needs to be shown once to start the right command: it takes as long as the command.
  const type = command === FIRST ? shell : shellWithShortNpx;
  const { code, stderr } = await type(command, { env: { DATABASE_URL: database.url } });
  const columns = await database.query(
    "SELECT FROM information_schema.columns WHERE table_name = 'user_sessions' AND column_name = 'status'",
  );
  const errors = stderr.replace(/^npm (warn|notice).*\n/gm, '');
  return { code, errors, records: await recordsOf(database), hasStatus: columns.length === 1 };
}

/** What is to come of one of them. */
export function expectedOf(command: string): Awaited<ReturnType<typeof typeAsItStands>> {
  const records = [...(EXPECTATIONS[command]?.to ?? [])];
  return { code: 0, errors: '', records, hasStatus: records.some((name) => name.includes('add-status')) };
}
