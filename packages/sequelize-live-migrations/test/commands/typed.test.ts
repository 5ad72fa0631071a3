import fs from 'node:fs';
import path from 'node:path';
import { run, shell } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, MIGRATIONS, removeCopies } from '../support/fixture-project';
import { recordsOf } from '../support/schema';

// What is typed wrongly, in the command or in .sequelizerc: one message, and no stack.

const BIN = path.join(__dirname, '../../bin.js');

afterAll(removeCopies);
afterAll(() => dropDatabases());

const type = (...args: string[]) => run(process.execPath, [BIN, ...args]);

it.each([
  ['chek', '"chek" is not a command.'],
  [undefined, 'There is no command.'],
])('sequelize-live-migrations %s says so, prints the usage, and fails', async (name, message) => {
  const { code, stdout, stderr } = await type(...(name === undefined ? [] : [name]));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.startsWith(`ERROR: ${message} Nothing was done.\n\nUsage: `)).toBe(true);
});

it.each(['--help', 'help', '-h', 'plan --help'])('%s prints the usage, and succeeds', async (line) => {
  const { code, stdout, stderr } = await type(...line.split(' '));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of ['build', 'check', 'plan', 'diagram', 'purge']) expect(stdout).toContain(`\n  ${name} `);
});

it.each([
  ['plan', { npm_config_undo: 'true' }, '--undo'],
  ['plan', { npm_config_undo: 'true', npm_config_run_plain: 'true' }, '--undo --run-plain'],
  ['purge', { npm_config_older_than: '7d', npm_config_yes: 'true' }, '--older-than'],
])('%s: what npm has taken for itself is not passed over: %j', async (name, taken, meant) => {
  // What npm run does with an option that is not behind a --.
  const env = {
    ...taken,
    npm_lifecycle_event: `db:${name}`,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  };
  const { code, stdout, stderr } = await run(process.execPath, [BIN, name], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    `ERROR: npm has taken ${meant.replace(' ', ' and ')} for a setting of its own. Nothing was done. ` +
      `Type -- in front of it: npm run --silent db:${name} -- ${meant}\n`,
  );
});

describe('a .sequelizerc that is written otherwise than its README has it', () => {
  it.each([
    ['sequelizerc()', 'ERROR: .sequelizerc: root is missing: write { root: __dirname }. Nothing was done.'],
    [
      "sequelizerc({ root: '.' })",
      'ERROR: .sequelizerc: root is ".": write root: __dirname. Nothing was done.',
    ],
    [
      "sequelizerc({ root: __dirname, models: 'modls' })",
      'ERROR: There is no folder modls, which .sequelizerc names as models. Nothing was done. Correct the path.',
    ],
    [
      "sequelizerc({ root: __dirname, models: 'migrations' })",
      'ERROR: migrations has no index.js, which exports "sequelize", with the models attached. Nothing was done.',
    ],
    [
      "sequelizerc({ root: __dirname, typescript: { project: 'x.json', folders: ['migrations/src'] } })",
      'ERROR: migrations/src/dist is missing, and so is migrations/src/src: copy it from a build (npm ci && ' +
        'npx sequelize-live-migrations build). Or is "folders" of .sequelizerc to have \'migrations\' in place',
    ],
    [
      "sequelizerc({ root: __dirname, config: 'broken.js' })",
      'ERROR: broken.js cannot be loaded: boom (broken.js:2). Nothing was done.',
    ],
  ])('%s is one line', async (call, message) => {
    const cwd = copyFixture();
    fs.writeFileSync(path.join(cwd, 'broken.js'), "\nthrow new Error('boom');");
    const text = `const sequelizerc = require('sequelize-live-migrations/sequelizerc'); module.exports = ${call};`;
    fs.writeFileSync(path.join(cwd, '.sequelizerc'), text);
    const env = { DATABASE_URL: (await createDatabase()).url };
    const { code, stderr } = await run(process.execPath, [BIN, 'check'], { cwd, env });
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
