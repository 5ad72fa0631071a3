import { correct, parse } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/command-line';
import { loadProject } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/project';
import { ROOT } from '../support/build';
import { UsageError } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/errors';
import { sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { recordsOf, schemaOf } from '../support/schema';

const BASELINE = '20250722-create-user-sessions-and-sections';
const STATUS = '20250723-add-status-to-user-sessions';

const project = loadProject(ROOT);

let migrated: TestDatabase;

beforeAll(async () => {
  migrated = await createDatabase();
  await succeed(`db:migrate --to backend/src/migrations/${STATUS}.ts`, migrated.url);
});

afterAll(() => dropDatabases());

describe('a typing mistake', () => {
  it.each([
    ['db:migrate --to 20250723-add-status-to-user-session', STATUS],
    ['db:migrate --name add-status', STATUS],
    ['db:migrate --to=', '--to needs the name of a migration'],
    ['db:migrate --to --debug', '--to needs the name of a migration'],
    ['db:migrate:undo --to 2025072', BASELINE],
    ['db:migrate:undo --to=', '--to needs the name of a migration'],
    ['db:migrate:undo:all --to 20250723-add-version', '20250723-add-version-to-sections.js'],
  ])('%s changes nothing and says what was probably meant', async (line, message) => {
    const [records, schema] = [await recordsOf(migrated), await schemaOf(migrated)];
    const { code, stderr } = await sequelizeCli(line, migrated.url);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect([await recordsOf(migrated), await schemaOf(migrated)]).toEqual([records, schema]);
  });
});

describe('the name of a migration', () => {
  it.each([STATUS, `${STATUS}.ts`, `./backend/dist/migrations/${STATUS}.js`, `${STATUS}.js`])(
    'may be typed as %s',
    (typed) => {
      for (const option of [`--to=${typed}`, `--to ${typed}`]) {
        const { corrected } = correct(parse(`db:migrate:undo --debug ${option}`.split(' ')), project);
        expect(corrected).toEqual(['db:migrate:undo', '--debug', '--name', `${STATUS}.js`]);
      }
    },
  );

  it.each([
    'db:migrate --from 20250723',
    'db:migrate --name',
    'db:migrate --to --from x',
    `db:migrate:undo --name ${STATUS} --to ${BASELINE}`,
    'db:migrate:status --url=',
  ])('that is missing, given twice or not one is an error: %s', (line) => {
    expect(() => correct(parse(line.split(' ')), project)).toThrow(UsageError);
  });

  it.each(['db:seed --seed x.js --debug', 'db:migrate:undo:all --to 0', `db:migrate --to ${STATUS}.js`])(
    'leaves the rest of the command line as it is: %s',
    (line) => {
      expect(correct(parse(line.split(' ')), project).corrected).toEqual(line.split(' '));
    },
  );
});

describe('--url', () => {
  it('means the same as DATABASE_URL, and its password is not printed', async () => {
    const url = new URL(migrated.url);
    const { code, stdout } = await sequelizeCli(
      `db:migrate:status --url ${url.href}`,
      'postgres://no.such.host/none',
    );
    expect(code).toBe(0);
    expect(stdout).toContain(`up ${STATUS}.js`);
    expect(stdout).not.toContain(url.password || 'postgres://');
  });
});
