import fs from 'node:fs';
import path from 'node:path';
import { run, sequelizeCli, shell } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, MIGRATIONS, removeCopies } from '../support/fixture-project';
import { recordsOf } from '../support/schema';
import { checkWith, type, typeAfterNpm } from '../support/typed';

// What is typed wrongly, in the command or in .sequelizerc: one message, from the commands of this package and from those of
// sequelize-cli. More of these are in typed.test.ts.

const BIN = path.join(__dirname, '../../bin.js');

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('a .sequelizerc that cannot be used', () => {
  const TYPESCRIPT = "typescript: { project: 'src/tsconfig.json', folders: ['.'] },";

  it.each([
    ['an unknown setting', 'migration: "migrations",', /migration is not a setting/],
    ['a tsconfig that does not exist', TYPESCRIPT, /names src\/tsconfig\.json, which does not exist/],
    ['a setting in parts', 'typescript: {},', /typescript has to be \{ project: /],
  ])('%s is one line from each command', async (_, setting, message) => {
    const cwd = copyFixture();
    fs.mkdirSync(path.join(cwd, 'src'));
    const file = path.join(cwd, '.sequelizerc');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('root:', `${setting}\n  root:`));
    const typed = await run(process.execPath, [BIN, 'check'], { cwd });
    const underCli = await sequelizeCli('db:migrate', 'postgres://nobody@127.0.0.1:1/none', { cwd });
    for (const { code, stderr } of [typed, underCli]) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/^ERROR: \.sequelizerc: [^\n]* Nothing was done\. [^\n]*\n$/);
      expect(stderr).toMatch(message);
    }
  });
});

it.each(['--help', 'help', 'plan --help'])('%s prints the usage, and succeeds', async (line) => {
  const { code, stdout, stderr } = await type(...line.split(' '));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of ['build', 'check', 'plan', 'diagram', 'purge']) expect(stdout).toContain(`\n  ${name} `);
});

it.each([['purge', { npm_config_older_than: '7d', npm_config_yes: 'true' }, '--older-than']])(
  '%s: what npm has taken for itself is not passed over: %j',
  async (name, taken, meant) => {
    const { code, stdout, stderr } = await typeAfterNpm(name, taken);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `ERROR: npm has taken ${meant.replace(' ', ' and ')} for a setting of its own. Nothing was done. ` +
        `Type -- in front of it: npm run --silent db:${name} -- ${meant}\n`,
    );
  },
);

describe('a .sequelizerc that is written otherwise than its README has it', () => {
  it.each([
    [
      "sequelizerc({ root: __dirname, models: 'modls' })",
      'ERROR: There is no folder modls, which .sequelizerc names as models. Nothing was done. Correct the path.',
    ],
    [
      "sequelizerc({ root: __dirname, models: 'migrations' })",
      'ERROR: migrations has no index.js, which exports "sequelize", with the models attached. Nothing was done.',
    ],
    [
      "sequelizerc({ root: __dirname, config: 'broken.js' })",
      'ERROR: broken.js cannot be loaded: boom (broken.js:2). Nothing was done.',
    ],
  ])('%s is one line', async (call, message) => {
    const { code, stderr } = await checkWith(call);
    expect({ code, line: stderr.slice(0, message.length) }).toEqual({ code: 1, line: message });
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

it('a reader that has seen enough stops no migration, and there is no stack', async () => {
  const [database, cwd] = [await createDatabase(), copyFixture()];
  const env = { DATABASE_URL: database.url };
  const cli = path.join(cwd, 'node_modules/sequelize-cli/lib/sequelize');
  // The reader ends before anything is written.
  const { stdout, stderr } = await shell(
    `{ "${process.execPath}" ${cli} db:migrate; echo $? >code; } | true`,
    {
      cwd,
      env,
    },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  expect(fs.readFileSync(path.join(cwd, 'code'), 'utf8')).toBe('0\n');
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});
