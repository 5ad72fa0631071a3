import { generate } from '../../src/generators';
import { preflight } from '../../src/sequelize-cli/preflight';
import { correct, parse } from '../../src/sequelize-cli/command-line';
import { UsageError } from '../../src/sequelize-cli/errors';
import { sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { fixtureProject } from '../support/fixture-project';
import { recordsOf, schemaOf } from '../support/schema';

const FIRST = '20250101-create-pets';
const KIND = '20250201-add-kind-to-pets';

const project = fixtureProject();

let migrated: TestDatabase;

beforeAll(async () => {
  migrated = await createDatabase();
  await succeed(`db:migrate --to migrations/${KIND}.js`, migrated.url);
});

afterAll(() => dropDatabases());

describe('a typing mistake', () => {
  it.each([
    ['db:migrate --to 20250201-add-kind-to-pet', KIND],
    ['db:migrate:undo:all --to 20250301-create', '20250301-create-toys.js'],
  ])('%s changes nothing and says what was probably meant', async (line, message) => {
    const [records, schema] = [await recordsOf(migrated), await schemaOf(migrated)];
    const { code, stderr } = await sequelizeCli(line, migrated.url);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect([await recordsOf(migrated), await schemaOf(migrated)]).toEqual([records, schema]);
  });

  it.each([
    ['db:migrate --name add-kind', KIND],
    ['db:migrate --to=', '--to needs the name of a migration'],
    ['db:migrate --to --debug', '--to needs the name of a migration'],
    ['db:migrate:undo --to 2025010', FIRST],
    ['db:migrate:undo --to=', '--to needs the name of a migration'],
    ['db:migrate status', 'Nothing was changed. Perhaps you mean: npx sequelize-cli db:migrate:status'],
    ['db:migrate undo:all', 'Perhaps you mean: npx sequelize-cli db:migrate:undo:all'],
    [
      `db:migrate:status --to ${KIND}`,
      'db:migrate:status is about all migrations, and takes no --to. Nothing was changed. Type: npx sequelize-cli db:migrate:status',
    ],
    [
      'db:migrate:status --from= --env test',
      'db:migrate:status is about all migrations, and takes no --from',
    ],
    [`db:migrate:schema:timestamps:add --name=${KIND}`, 'is about all migrations, and takes no --name'],
    [
      `db:migrate:undo --debug ${KIND}.js`,
      `Unexpected argument ${KIND}.js. Nothing was changed. Perhaps you mean: npx sequelize-cli db:migrate:undo --to ${KIND}.js`,
    ],
    [
      'db:seed --seed no-such-seeder',
      'There is no seeder no-such-seeder in this checkout. Nothing was changed.',
    ],
    ['db:seed:undo --seed=x.js', 'There is no seeder x.js in this checkout. Nothing was changed.'],
  ])('%s ends before sequelize-cli begins, and says what was probably meant', (line, message) => {
    const said = jest.spyOn(console, 'error').mockImplementation();
    const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`It exits with ${String(code)}.`);
    });
    try {
      expect(() => preflight(project, () => generate, line.split(' '))).toThrow('It exits with 1.');
      expect(said.mock.calls).toEqual([[expect.stringContaining(message)]]);
    } finally {
      said.mockRestore();
      exit.mockRestore();
    }
  });
});

describe('the name of a migration', () => {
  it.each([KIND, `${KIND}.ts`, `./migrations/${KIND}.js`, `${KIND}.js`])('may be typed as %s', (typed) => {
    for (const option of [`--to=${typed}`, `--to ${typed}`]) {
      const { corrected } = correct(parse(`db:migrate:undo --debug ${option}`.split(' ')), project);
      expect(corrected).toEqual(['db:migrate:undo', '--debug', '--name', `${KIND}.js`]);
    }
  });

  it.each([
    'db:migrate --from 20250723',
    'db:migrate --name',
    'db:migrate --to --from x',
    `db:migrate:undo --name ${KIND} --to ${FIRST}`,
    'db:migrate:status --url=',
  ])('that is missing, given twice or not one is an error: %s', (line) => {
    expect(() => correct(parse(line.split(' ')), project)).toThrow(UsageError);
  });

  it.each(['db:seed --seed x.js --debug', 'db:migrate:undo:all --to 0', `db:migrate --to ${KIND}.js`])(
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
    expect(stdout).toContain(`up ${KIND}.js`);
    expect(stdout).not.toContain(url.password || 'postgres://');
  });
});
