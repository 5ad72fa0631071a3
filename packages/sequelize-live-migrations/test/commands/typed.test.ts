import { dropDatabases } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { checkWith, type, typeAfterNpm } from '../support/typed';

// What is typed wrongly, in the command or in .sequelizerc: one message, and no stack.

afterAll(removeCopies);
afterAll(() => dropDatabases());

it.each([
  ['chek', '"chek" is not a command.'],
  [undefined, 'There is no command.'],
])('sequelize-live-migrations %s says so, prints the usage, and fails', async (name, message) => {
  const { code, stdout, stderr } = await type(...(name === undefined ? [] : [name]));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.startsWith(`ERROR: ${message} Nothing was done.\n\nUsage: `)).toBe(true);
});

it.each(['-h'])('%s prints the usage, and succeeds', async (line) => {
  const { code, stdout, stderr } = await type(...line.split(' '));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of ['build', 'check', 'plan', 'diagram', 'purge']) expect(stdout).toContain(`\n  ${name} `);
});

it.each([
  ['plan', { npm_config_undo: 'true' }, '--undo'],
  ['plan', { npm_config_undo: 'true', npm_config_run_plain: 'true' }, '--undo --run-plain'],
])('%s: what npm has taken for itself is not passed over: %j', async (name, taken, meant) => {
  const { code, stdout, stderr } = await typeAfterNpm(name, taken);
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
      "sequelizerc({ root: __dirname, typescript: { project: 'x.json', folders: ['migrations/src'] } })",
      'ERROR: migrations/src/dist is missing, and so is migrations/src/src: copy it from a build (npm ci && ' +
        'npx sequelize-live-migrations build). Or is "folders" of .sequelizerc to have \'migrations\' in place',
    ],
  ])('%s is one line', async (call, message) => {
    const { code, stderr } = await checkWith(call);
    expect({ code, line: stderr.slice(0, message.length) }).toEqual({ code: 1, line: message });
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
