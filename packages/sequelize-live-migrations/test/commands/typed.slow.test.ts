import fs from 'node:fs';
import path from 'node:path';
import { run, sequelizeCli } from '../support/cli';
import { copyFixture, removeCopies } from '../support/fixture-project';

// A .sequelizerc that cannot be used: one message, from the commands of this package and from those of sequelize-cli.

const BIN = path.join(__dirname, '../../bin.js');

afterAll(removeCopies);

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
