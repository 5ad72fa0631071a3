import fs from 'node:fs';
import path from 'node:path';
import { stopCheckoutServers } from 'checkout-postgres';
import { ROOT } from './support/build';
import { shell, shellWithShortNpx } from './support/cli';
import { copyProject, removeCopies } from './support/project';

// The READMEs' commands, typed line by line in a new checkout with nothing configured.

function commandsIn(file: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const blocks = [...text.matchAll(/```(?:ba)?sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks.flatMap((block) => block.trim().split('\n'));
}

/**
 * The commands to type: what is behind `npm ci &&`, as these tests have what that installs, and not those that
 * reference-readme.test.ts types.
 */
function linesOf(file: string): string[] {
  const elsewhere = ['npm test', ...commandsIn('backend/test/fixtures/reference-readme.md')];
  const lines = commandsIn(file).map((line) => line.replace(/^npm ci && /, ''));
  return lines.filter((line, n) => n === 0 || !elsewhere.includes(line));
}

const FILES = ['README.md', 'backend/src/migrations/README.md'];

const OUTPUTS = ['backend', 'packages/sequelize-live-migrations', 'packages/checkout-postgres'].map(
  (folder) => `${folder}/dist`,
);

let checkout: string;

beforeAll(() => {
  checkout = copyProject({ without: OUTPUTS, with: ['backend/docs'] });
});

afterAll(async () => {
  await stopCheckoutServers(checkout);
  removeCopies();
});

it.each(FILES)('%s says nothing that does not work as typed', async (file) => {
  expect(linesOf(file).length).toBeGreaterThan(0);
  for (const line of linesOf(file)) {
    // npm's own npx for the first of all commands only: it takes as long as what it starts.
    const type = line === 'npx sequelize-cli db:migrate' ? shell : shellWithShortNpx;
    const { code, stdout, stderr } = await type(line, { cwd: checkout });
    expect({ line, code, output: code === 0 ? '' : stdout + stderr }).toEqual({ line, code: 0, output: '' });
  }
});
