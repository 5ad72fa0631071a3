import type { Language } from './language';
import { changeNamed } from './named-change';

// The files that the generators write, to be edited. They compile and pass the linter as they are.

/** @param slug `add-rating-to-books`: names of such forms say what to declare */
export function migrationSource(slug: string, language: Language): string {
  const named = changeNamed(slug);
  const statements = named?.statements ?? "schema.addColumn('table', 'column', { type: DataTypes.TEXT });";
  const comment = named
    ? [`Locks: ${named.locks}`, named.previousRelease]
    : ['Locks: which, on which table, and for how long.', 'Whether the previous release keeps working.'];
  return declaredSource({ comment: comment.flatMap(wrapped), statements: indented(statements) }, language);
}

function indented(statements: string): string {
  return statements.replace(/^/gm, '    ');
}

/** Lines of a comment, of which none is longer than in the code style of the project. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= LONGEST_LINE) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const LONGEST_LINE = 100;

/** What a generated migration declares, as source text. */
export interface DeclaredMigration {
  /** The lines of the comment above it, after the one that says why. */
  readonly comment: readonly string[];
  readonly statements: string;
  /** Whether an undo leaves all of it as it is. */
  readonly isLeft: boolean;
}

/** A migration with what it declares, and with the imports that this needs. */
export function declaredSource(
  { comment, statements }: Omit<DeclaredMigration, 'isLeft'>,
  language: Language,
): string {
  const exported = language === 'ts' ? 'export =' : 'module.exports =';
  const code = statements.replace(/^ *\/\/.*$/gm, '');
  const names = [
    ...(code.includes('DataTypes.') ? ['DataTypes'] : []),
    ...(code.includes('literal(') ? ['literal'] : []),
  ];
  return `${head(language)}${names.length > 0 ? `${imports(language, names, 'sequelize')}\n` : ''}${imports(language, ['migration'], 'sequelize-live-migrations')}

// Why, in one or two lines.
${comment.map((line) => `// ${line}`).join('\n')}
${exported} migration(__filename, {
  up(schema) {
${statements}
  },
});
`;
}

/** CommonJS without TypeScript is not strict by itself. */
function head(language: Language): string {
  return language === 'ts' ? '' : "'use strict';\n\n";
}

function imports(language: Language, names: readonly string[], module: string): string {
  const list = `{ ${names.join(', ')} }`;
  return language === 'ts' ? `import ${list} from '${module}';` : `const ${list} = require('${module}');`;
}

/** @param isLeft whether an undo leaves all of it as it is, such as a longer type */
export function migrationTest(name: string, language: Language, isLeft = false): string {
  const change = isLeft ? '' : '\n  expect(await schemaOf(url)).not.toEqual(after);';
  const kit = ['createEmptyDatabase', 'migrate', 'schemaOf'];
  return `${head(language)}${imports(language, kit, 'sequelize-live-migrations/testing')}

const NAME = '${name}.${language === 'ts' ? 'js' : language}';

it('can be undone and done again', async () => {
  const { url, drop } = await createEmptyDatabase();
  await migrate(url, (umzug) => umzug.up({ to: NAME }));
  const after = await schemaOf(url);
  await migrate(url, (umzug) => umzug.down(NAME));${change}
  await migrate(url, (umzug) => umzug.up({ to: NAME }));
  expect(await schemaOf(url)).toEqual(after);
  await drop();
});
`;
}

export function seederSource(slug: string, language: Language): string {
  const comment = `// ${slug.replaceAll('-', ' ')}. sequelize-cli logs no seeders and runs each one every time: a row that is there is left.`;
  const insert = 'INSERT INTO "${TABLE}" (id) VALUES (1), (2) ON CONFLICT DO NOTHING';
  const remove = 'DELETE FROM "${TABLE}" WHERE id IN (1, 2)';
  if (language !== 'ts') {
    return `${head(language)}${comment}

exports.TABLE = 'table';

exports.up = async ({ sequelize }) => {
  await sequelize.query(\`${insert.replace('TABLE', 'exports.TABLE')}\`);
};

exports.down = async ({ sequelize }) => {
  await sequelize.query(\`${remove.replace('TABLE', 'exports.TABLE')}\`);
};
`;
  }
  return `import type { QueryInterface } from 'sequelize';

${comment}

export const TABLE = 'table';

export async function up({ sequelize }: QueryInterface): Promise<void> {
  await sequelize.query(\`${insert}\`);
}

export async function down({ sequelize }: QueryInterface): Promise<void> {
  await sequelize.query(\`${remove}\`);
}
`;
}

/** @param module how the test imports the seeder */
export function seederTest(module: string, language: Language): string {
  return `${head(language)}${imports(language, ['Sequelize'], 'sequelize')}
${imports(language, ['createTestDatabase'], 'sequelize-live-migrations/testing')}
${imports(language, ['down', 'TABLE', 'up'], module)}

it('inserts its rows once, however often it is run, and deletes them', async () => {
  const { url, drop } = await createTestDatabase();
  const sequelize = new Sequelize(url, { logging: false });
  const count = async () => (await sequelize.query(\`SELECT FROM "\${TABLE}"\`))[0].length;
  await up(sequelize.getQueryInterface());
  await up(sequelize.getQueryInterface());
  expect(await count()).toBe(2);
  await down(sequelize.getQueryInterface());
  expect(await count()).toBe(0);
  await sequelize.close();
  await drop();
});
`;
}
