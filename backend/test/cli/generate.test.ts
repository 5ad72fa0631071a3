import fs from 'node:fs';
import path from 'node:path';
import { run } from '../support/cli';
import { copyProject, removeCopies } from '../support/project';

let checkout: string;

beforeAll(() => {
  checkout = copyProject({ with: ['backend/test', 'eslint.config.mjs', '.prettierignore'] });
});

afterAll(() => removeCopies());

async function sequelizeCli(line: string) {
  const cli = path.join(checkout, 'node_modules/sequelize-cli/lib/sequelize');
  const { code, stdout, stderr } = await run(process.execPath, [cli, ...line.split(' ')], { cwd: checkout });
  const files = [...stdout.matchAll(/^New file: (\S+)$/gm)].map(([, file = '']) => file);
  return { code, stderr, files };
}

const read = (file: string) => fs.readFileSync(path.join(checkout, file), 'utf8');

/** Every generated file passes the type check, the linter and prettier. */
async function expectCodeStyle(files: readonly string[]) {
  const bin = (name: string) => path.join(checkout, 'node_modules', name);
  const { code, stdout } = await run(process.execPath, [bin('eslint/bin/eslint.js'), ...files], {
    cwd: checkout,
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const pretty = await run(process.execPath, [bin('prettier/bin/prettier.cjs'), '--check', ...files], {
    cwd: checkout,
  });
  expect(pretty).toMatchObject({ code: 0 });
  const compiled = await run(process.execPath, ['packages/sequelize-live-migrations/bin.js', 'build'], {
    cwd: checkout,
  });
  expect(compiled).toMatchObject({ code: 0, stderr: '' });
}

it('migration:generate and seed:generate write TypeScript and a test beside it, in the code style', async () => {
  const column = await sequelizeCli('migration:generate --name addRatingToSections');
  const table = await sequelizeCli('migration:create --name create-ratings');
  const seeder = await sequelizeCli('seed:generate --name two-projects');
  expect([column, table, seeder].map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    Array(3).fill({ code: 0, stderr: '' }),
  );
  const [source = '', test = ''] = column.files;
  expect(source).toMatch(/^backend\/src\/migrations\/\d{14}-add-rating-to-sections\.ts$/);
  expect(test).toMatch(/^backend\/test\/migrations\/\d{14}-add-rating-to-sections\.test\.ts$/);
  expect(read(source)).toContain("schema.addColumn('sections', 'rating', { type: DataTypes.TEXT });");
  expect(read(table.files[0] ?? '')).toContain("schema.createTable('ratings', {");
  expect(seeder.files[0]).toMatch(/^backend\/src\/seeders\/\d{14}-two-projects\.ts$/);
  await expectCodeStyle([...column.files, ...table.files, ...seeder.files]);
});

it('a migration sorts after the newest, even one that is in the future', async () => {
  const future = 'backend/src/migrations/20990101-from-the-future';
  fs.copyFileSync(
    path.join(checkout, 'backend/src/migrations/20250723-add-version-to-sections.ts'),
    path.join(checkout, `${future}.ts`),
  );
  const { files } = await sequelizeCli('migration:generate --name after-it');
  expect(files[0]).toBe('backend/src/migrations/20990101000001-after-it.ts');
  expect((files[0] ?? '') > future).toBe(true);
});

it.each([
  ['migration:generate', '--name needs what it does'],
  ['migration:generate --name 7', '--name needs what it does'],
  ['model:generate --name Rating --attributes stars:integer', 'Write the class in backend/src/models'],
  ['init', 'this project is set up already'],
])('%s writes nothing, and says what to do instead', async (line, message) => {
  const files = () =>
    fs
      .readdirSync(path.join(checkout, 'backend'), { recursive: true })
      .filter((file) => !String(file).includes('dist'));
  const before = files();
  const { code, stderr } = await sequelizeCli(line);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).toContain('Nothing was written');
  expect(files()).toEqual(before);
});
