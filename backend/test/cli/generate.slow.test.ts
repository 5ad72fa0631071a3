import fs from 'node:fs';
import path from 'node:path';
import { run } from '../support/cli';
import { generated } from '../support/generated';
import { copyProject, removeCopies } from '../support/project';
import { serverUrl } from '../support/server';

let checkout: string;

beforeAll(() => {
  checkout = copyProject({ with: ['backend/test', 'eslint.config.mjs', '.prettierignore'] });
});

afterAll(() => removeCopies());

async function sequelizeCli(line: string) {
  const cli = path.join(checkout, 'node_modules/sequelize-cli/lib/sequelize');
  const { code, stdout, stderr } = await run(process.execPath, [cli, ...line.split(' ')], {
    cwd: checkout,
    env: { DATABASE_URL: serverUrl() },
  });
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

/** What a generator has written: in files that are removed again, so that the next one finds the checkout as it was. */
interface Generated {
  readonly code: number | null;
  readonly stderr: string;
  /** Their names and texts, in the order in which they were written. */
  readonly files: readonly (readonly [name: string, text: string])[];
}

function taken({ code, stderr, files }: Awaited<ReturnType<typeof sequelizeCli>>): Generated {
  const texts = files.map((file) => [file, read(file)] as const);
  for (const file of files) fs.rmSync(path.join(checkout, file));
  return { code, stderr, files: texts };
}

/** Runs something once for this test file. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}

const changedModel = once(async () => {
  const file = 'backend/src/models/section.ts';
  const model = read(file);
  const changed = model.replace(
    '      version: {',
    `      rating: { type: DataTypes.DECIMAL(3, 1), allowNull: false, defaultValue: 0, comment: "The reader's" },
      state: { type: DataTypes.ENUM('draft', 'final') },
      version: {`,
  );
  const declared = changed.replace(
    '  declare version:',
    '  declare rating: CreationOptional<string>;\n  declare state: CreationOptional<string | null>;\n  declare version:',
  );
  fs.writeFileSync(path.join(checkout, file), declared);
  try {
    return taken(await sequelizeCli('migration:generate --name rateSections'));
  } finally {
    fs.writeFileSync(path.join(checkout, file), model);
  }
});

const newColumn = once(async () =>
  taken(await sequelizeCli('migration:generate --name addRatingToSections')),
);

it('a model that has changed becomes a migration and its test', async () => {
  const { code, files } = await changedModel();
  expect(code).toBe(0);
  const [[source, text] = ['', ''], [test] = ['']] = files;
  expect(source).toMatch(/^backend\/src\/migrations\/\d{14}-rate-sections\.ts$/);
  expect(test).toMatch(/^backend\/test\/migrations\/\d{14}-rate-sections\.test\.ts$/);
  expect(text).toContain('// Locks: ACCESS EXCLUSIVE on sections, briefly.');
});

it('migration:generate writes TypeScript and a test beside it', async () => {
  const { files, ...result } = await newColumn();
  expect(result).toEqual({ code: 0, stderr: '' });
  const [[source, text] = ['', ''], [test] = ['']] = files;
  expect(source).toMatch(/^backend\/src\/migrations\/\d{14}-add-rating-to-sections\.ts$/);
  expect(test).toMatch(/^backend\/test\/migrations\/\d{14}-add-rating-to-sections\.test\.ts$/);
  expect(text).toContain("schema.addColumn('sections', 'rating', { type: DataTypes.TEXT });");
});

it('what the generators write, from models, from a template and for a seeder, is in the code style', async () => {
  const fromModels = [...(await changedModel()).files, ...(await newColumn()).files];
  const [table = '', ...others] = generated(checkout, 'migration:create', 'create-ratings');
  const [seeder = '', ...seederTests] = generated(checkout, 'seed:generate', 'two-projects');
  expect(read(table)).toContain("schema.createTable('ratings', {");
  expect(seeder).toMatch(/^backend\/src\/seeders\/\d{14}-two-projects\.ts$/);
  for (const [file, text] of fromModels) fs.writeFileSync(path.join(checkout, file), text);
  const names = fromModels.map(([file]) => file);
  expect(names).toHaveLength(4);
  await expectCodeStyle([...names, table, ...others, seeder, ...seederTests]);
}, 180_000);

const written = () => {
  const files = fs.readdirSync(path.join(checkout, 'backend'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => !file.includes('dist'));
};

it('migration:generate without a name writes nothing, and says what to do instead', async () => {
  const before = written();
  const { code, stderr } = await sequelizeCli('migration:generate');
  expect(code).toBe(1);
  expect(stderr).toContain('ERROR: --name needs what it does');
  expect(written()).toEqual(before);
});
