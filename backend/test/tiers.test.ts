import fs from 'node:fs';
import path from 'node:path';
import { scripts } from '../../package.json';
import { ROOT } from './support/build';
import { run } from './support/cli';

// `npm test` leaves out the files NAME.slow.test.ts, unless it is told what to run. Everything else runs them, too.

const FILES = ['backend', 'packages/checkout-postgres', 'packages/sequelize-live-migrations']
  .flatMap((folder) => filesBelow(`${folder}/test`))
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

function filesBelow(folder: string): string[] {
  const files = fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files.map((file) => path.join(folder, file));
}

const isSlow = (file: string) => file.endsWith('.slow.test.ts');

/** The test files that a script of package.json runs, with what is typed behind it. */
async function filesOf(script: 'test' | 'test:all', ...typed: readonly string[]): Promise<string[]> {
  const [, args = ''] = / && jest (.*)$/.exec(scripts[script]) ?? [];
  const jest = [require.resolve('jest/bin/jest'), '--listTests', ...args.split(' '), ...typed];
  const { stdout } = await run(process.execPath, jest, { cwd: ROOT });
  const files = stdout.trim().split('\n');
  return files.map((file) => path.relative(ROOT, file)).sort();
}

it('npm test runs every test file that is not slow, and test:all runs every one', async () => {
  const [quick, all] = await Promise.all([filesOf('test'), filesOf('test:all')]);
  expect(all).toEqual(FILES);
  expect(quick).toEqual(FILES.filter((file) => !isSlow(file)));
  expect(quick.length).toBeLessThan(all.length);
});

it('npm test runs a slow file that is named', async () => {
  expect(await filesOf('test', 'next-migration')).toEqual(['backend/test/next-migration.slow.test.ts']);
});

it.each(['test:owner', 'test:schema', 'test:soak', 'test:postgres', 'test:node', 'test:citus'] as const)(
  '%s leaves out no slow file',
  (script) => {
    const line: string = scripts[script];
    const [file] = /\S+\.js/.exec(line) ?? [];
    const text = file === undefined ? line : fs.readFileSync(path.join(ROOT, file), 'utf8');
    expect(text).toContain('jest');
    expect(text).not.toMatch(/filter=|without-slow|npm test\b/);
  },
);

it('CI runs all tests', () => {
  const [ci, workflow] = ['.ci/run', '.github/workflows/test.yml'].map((file) =>
    fs.readFileSync(path.join(ROOT, file), 'utf8'),
  );
  expect(ci).toMatch(/^npm run test:all$/m);
  expect(ci).not.toMatch(/^npm test/m);
  expect(workflow).toMatch(/^ +- run: bash \.ci\/run$/m);
  expect(workflow).toMatch(/^ +- run: npm run test:postgres -- /m);
});
