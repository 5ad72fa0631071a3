import fs from 'node:fs';
import path from 'node:path';
import { dropDatabases } from './support/database';
import { EXPECTATIONS, expectedOf, QUICK, typeAsItStands } from './support/reference-readme';

// Every command of the readme that this project's commands must honour, typed as it stands there. More of these are in
// reference-readme.slow.test.ts.

const readme = fs.readFileSync(path.join(__dirname, 'fixtures/reference-readme.md'), 'utf8');
const commands = [...readme.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim());

afterAll(() => dropDatabases());

it('has no command but those tested here, and the installation of what package.json already names', () => {
  expect(commands.filter((command) => !(command in EXPECTATIONS))).toEqual([
    'npm install --save-dev sequelize-cli',
  ]);
});

it.each(QUICK)('%s', async (command) => {
  expect(await typeAsItStands(command)).toEqual(expectedOf(command));
});
