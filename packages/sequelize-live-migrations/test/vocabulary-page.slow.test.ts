import fs from 'node:fs';
import path from 'node:path';
import { col, DataTypes, fn, literal, Op } from 'sequelize';
import type { Step } from '../src/plan';
import { Schema } from '../src/vocabulary';
import { type TestMigration, useMigrations } from './support/migrations';

// docs/vocabulary.md says what a run and an undo do with each of its examples. They are run here, and compared;
// UPDATE_DOCS=1 writes what they do into the page.

const migrations = useMigrations();

const PAGE = path.resolve(__dirname, '../docs/vocabulary.md');
const page = fs.readFileSync(PAGE, 'utf8');

/** An example, with what the page says of it. */
interface Example {
  readonly word: string;
  readonly code: string;
  readonly said: string;
}

const EXAMPLE = /```js\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/g;

const sections = page.split(/^### /m).slice(1);
const examples = sections.flatMap((section): Example[] => {
  const [word = ''] = section.split('\n');
  return [...section.matchAll(EXAMPLE)].map(([, code = '', said = '']) => ({ word, code, said }));
});
const [, TABLES = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? [];

/** The migration that has made the tables. */
const before: TestMigration = {
  name: 'before.js',
  up: (schema) =>
    schema.createTable('pets', {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      name: { type: DataTypes.STRING(20), allowNull: false },
      kind: { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' },
      age: { type: DataTypes.INTEGER },
      owner: { type: DataTypes.INTEGER },
    }),
};

/** The migration that an example declares. */
function migrationOf(code: string): TestMigration {
  const names = ['schema', 'DataTypes', 'literal', 'fn', 'col', 'Op'];
  const declare: unknown = Reflect.construct(Function, [...names, code]);
  if (typeof declare !== 'function') throw new Error('An example is no function body.');
  return {
    name: 'example.js',
    up: (schema) => void Reflect.apply(declare, undefined, [schema, DataTypes, literal, fn, col, Op]),
  };
}

/** The steps, with a line where one transaction ends and another begins. */
function inWords(steps: readonly Step[]): string[] {
  return steps.flatMap(({ purpose, locks = [], transaction, next, isUnknown }, n) => {
    const found = locks.map(({ table, mode }) => `${mode} on ${table}`).join(', ');
    const description = isUnknown ? 'locks as its statements' : found;
    const isAlone = transaction !== undefined || next !== undefined;
    const follows = n > 0 && (isAlone || isAloneBefore(steps[n - 1]));
    return [...(follows ? ['---'] : []), description ? `${purpose}: ${description}` : purpose];
  });
}

function isAloneBefore(step: Step | undefined): boolean {
  return step !== undefined && (step.transaction !== undefined || step.next !== undefined);
}

async function whatIsDone({ code }: Example): Promise<string> {
  const one = migrationOf(code);
  await migrations.reset(TABLES);
  const up = await migrations.steps(one, 'up', [before]);
  await migrations.upAfter([before], one);
  const down = await migrations.steps(one, 'down', [before]);
  const undo = down.length > 0 ? inWords(down) : ['nothing: see above'];
  await migrations.downAfter([before], one);
  await migrations.upAfter([before], one);
  return [...inWords(up), '', 'undo:', ...undo, ''].join('\n');
}

it('every word is on the page, with an example of it', () => {
  const words = Object.getOwnPropertyNames(Schema.prototype).filter((name) => name !== 'constructor');
  expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual(words.sort());
  for (const { word, code } of examples) expect(code).toContain(`schema.${word}(`);
  expect(examples.length).toBeGreaterThanOrEqual(words.length);
});

it.each(examples)('$word: $code', async (example) => {
  const done = await whatIsDone(example);
  if (process.env['UPDATE_DOCS']) {
    const updated = `\`\`\`js\n${example.code}\`\`\`\n\n\`\`\`text\n${done}\`\`\`\n`;
    const text = fs.readFileSync(PAGE, 'utf8');
    const old = example.said
      ? `\`\`\`js\n${example.code}\`\`\`\n\n\`\`\`text\n${example.said}\`\`\`\n`
      : `\`\`\`js\n${example.code}\`\`\`\n`;
    fs.writeFileSync(
      PAGE,
      text.replace(old, () => updated),
    );
  } else expect(done).toBe(example.said);
});
