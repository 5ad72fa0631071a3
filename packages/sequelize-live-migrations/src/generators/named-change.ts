/** What a generated migration begins with, as source text. */
export interface Template {
  /** The statements of `up`. */
  readonly statements: string;
  /** Which locks they take on a table with rows, for how long: sentences. */
  readonly locks: string;
  /** What the previous release of the application notices: a sentence. */
  readonly previousRelease: string;
}

/** The parts of a name, in snake case. */
type Parts = Readonly<Record<'a' | 'b' | 'table', string>>;

const KEEPS_WORKING = 'The previous release keeps working.';
const briefly = (table: string) => `ACCESS EXCLUSIVE on ${table}, briefly (it changes only the catalog).`;
const scanned = (table: string) =>
  `SHARE UPDATE EXCLUSIVE on ${table}, which blocks neither reads nor writes.`;
const inBatches = (table: string) => `ROW EXCLUSIVE on ${table}, in batches that lock their rows briefly.`;

/** The forms of names that say what to declare, the more special ones first. */
const FORMS: readonly (readonly [name: RegExp, template: (parts: Parts) => Template])[] = [
  [
    /^create-(?<table>.+)$/,
    ({ table }) => ({
      statements: `schema.createTable('${table}', {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
});`,
      locks: 'none on tables that are there.',
      previousRelease: KEEPS_WORKING,
    }),
  ],
  [
    /^rename-(?<a>.+)-to-(?<b>.+)-(?:in|of)-(?<table>.+)$/,
    ({ a, b, table }) => ({
      statements: `schema.renameColumn('${table}', '${a}', '${b}');`,
      locks: briefly(table),
      previousRelease: `The previous release, which names it ${a}, fails on it.`,
    }),
  ],
  [
    /^rename-(?<table>.+)-to-(?<b>.+)$/,
    ({ table, b }) => ({
      statements: `schema.renameTable('${table}', '${b}');`,
      locks: briefly(table),
      previousRelease: `The previous release, which names it ${table}, fails on it.`,
    }),
  ],
  [
    /^add-unique-(?<a>.+)-(?:to|in)-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.addConstraint('${table}', { type: 'unique', fields: ['${a}'] });`,
      locks: `its index is built concurrently, under ${scanned(table)} Then ${briefly(table)}`,
      previousRelease: `The previous release keeps working, unless it writes the same ${a} twice.`,
    }),
  ],
  [
    /^add-check-(?<a>.+)-(?:to|in)-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.addConstraint('${table}', { type: 'check', name: '${table}_${a}_check', where: literal('${a} IS NOT NULL') });`,
      locks: `${briefly(table)} Validated under ${scanned(table)}`,
      previousRelease: 'The previous release keeps working, unless it writes what violates it.',
    }),
  ],
  [
    /^add-foreign-key-(?<a>.+)-(?:to|in)-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.addConstraint('${table}', { type: 'foreign key', fields: ['${a}'], references: { table: '${table}', field: 'id' } });`,
      locks: `SHARE ROW EXCLUSIVE on ${table} and on the table that it refers to, briefly. Validated under ${scanned(table)}`,
      previousRelease: 'The previous release keeps working, unless it writes what refers to nothing.',
    }),
  ],
  [
    /^(?:add-index-(?:on-)?(?<a>.+)-(?:to|in)|index-(?<b>.+)-(?:of|in))-(?<table>.+)$/,
    ({ a, b, table }) => ({
      statements: `schema.addIndex('${table}', ['${a || b}']);`,
      locks: `it is built concurrently, under ${scanned(table)}`,
      previousRelease: KEEPS_WORKING,
    }),
  ],
  [
    /^(?:remove|drop)-index-(?:on-)?(?<a>.+)-(?:from|in|of)-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.removeIndex('${table}', ['${a}']);`,
      locks: `it is dropped concurrently, under ${scanned(table)}`,
      previousRelease: 'The previous release keeps working, as fast as it can without it.',
    }),
  ],
  [
    /^drop-(?<table>.+)$/,
    ({ table }) => ({
      statements: `schema.dropTable('${table}', {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
});`,
      locks: briefly(table),
      previousRelease: `The previous release must not use ${table} any more. It is kept aside, and an undo restores it.`,
    }),
  ],
  [
    /^remove-(?<a>.+)-from-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.removeColumn('${table}', '${a}', { type: DataTypes.TEXT });`,
      locks: briefly(table),
      previousRelease: `The previous release must not use ${a} any more. It is kept aside, and an undo restores it.`,
    }),
  ],
  [
    /^change-(?<a>.+)-(?:in|of)-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.changeColumn('${table}', '${a}', { type: DataTypes.TEXT });`,
      locks: briefly(table),
      previousRelease: KEEPS_WORKING,
    }),
  ],
  [
    /^(?:update|set|fill)-(?<a>.+)-(?:in|of)-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.bulkUpdate('${table}', { ${a}: 'new' }, { ${a}: 'old' });`,
      locks: inBatches(table),
      previousRelease: KEEPS_WORKING,
    }),
  ],
  [
    /^delete-(?<a>.+)-from-(?<table>.+)$/,
    ({ table }) => ({
      statements: `schema.bulkDelete('${table}', literal('false'));`,
      locks: inBatches(table),
      previousRelease: KEEPS_WORKING,
    }),
  ],
  [
    /^insert-(?<a>.+)-into-(?<table>.+)$/,
    ({ table }) => ({
      statements: `schema.bulkInsert('${table}', [{ id: 1 }]);`,
      locks: inBatches(table),
      previousRelease: KEEPS_WORKING,
    }),
  ],
  [
    /^add-(?<a>.+)-to-(?<table>.+)$/,
    ({ a, table }) => ({
      statements: `schema.addColumn('${table}', '${a}', { type: DataTypes.TEXT });`,
      locks: briefly(table),
      previousRelease: KEEPS_WORKING,
    }),
  ],
];

/** What a name says that a migration is to declare; undefined where it is of another form. */
export function changeNamed(slug: string): Template | undefined {
  for (const [name, template] of FORMS) {
    const groups = name.exec(slug)?.groups;
    const part = (of: keyof Parts) => (groups?.[of] ?? '').replaceAll('-', '_');
    if (groups) return template({ a: part('a'), b: part('b'), table: part('table') });
  }
  return undefined;
}
