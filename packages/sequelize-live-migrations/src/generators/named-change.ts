/** What a generated migration begins with, as source text. */
export interface Template {
  /** The statements of `up`. */
  readonly statements: string;
  /** Which locks they take on a table with rows, for how long: sentences. */
  readonly locks: string;
  /** What the previous release of the application notices: a sentence. */
  readonly previousRelease: string;
}

const KEEPS_WORKING = 'The previous release keeps working.';
const BRIEFLY = 'ACCESS EXCLUSIVE on {table}, briefly (it changes only the catalog).';
const SCANNED = 'SHARE UPDATE EXCLUSIVE on {table}, which blocks neither reads nor writes.';
const IN_BATCHES = 'ROW EXCLUSIVE on {table}, in batches that lock their rows briefly.';

/** A form of names, and what such a name says to declare, in which `{a}`, `{b}` and `{table}` are parts of the name. */
interface Form extends Omit<Template, 'previousRelease'> {
  readonly name: RegExp;
  /** Left out: it keeps working. */
  readonly previousRelease?: string;
}

const ADD_INDEX = {
  statements: "schema.addIndex('{table}', ['{a}']);",
  locks: `it is built concurrently, under ${SCANNED}`,
};

/** The more special ones first. */
const FORMS: readonly Form[] = [
  {
    name: /^create-(?<table>.+)$/,
    statements: `schema.createTable('{table}', {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
});`,
    locks: 'none on tables that are there.',
  },
  {
    name: /^rename-(?<a>.+)-to-(?<b>.+)-(?:in|of)-(?<table>.+)$/,
    statements: "schema.renameColumn('{table}', '{a}', '{b}');",
    locks: BRIEFLY,
    previousRelease: 'The previous release, which names it {a}, fails on it.',
  },
  {
    name: /^rename-(?<table>.+)-to-(?<b>.+)$/,
    statements: "schema.renameTable('{table}', '{b}');",
    locks: BRIEFLY,
    previousRelease: 'The previous release, which names it {table}, fails on it.',
  },
  {
    name: /^add-unique-(?<a>.+)-(?:to|in)-(?<table>.+)$/,
    statements: "schema.addConstraint('{table}', { type: 'unique', fields: ['{a}'] });",
    locks: `its index is built concurrently, under ${SCANNED} Then ${BRIEFLY}`,
    previousRelease: 'The previous release keeps working, unless it writes the same {a} twice.',
  },
  {
    name: /^add-check-(?<a>.+)-(?:to|in)-(?<table>.+)$/,
    statements:
      "schema.addConstraint('{table}', { type: 'check', name: '{table}_{a}_check', where: literal('{a} IS NOT NULL') });",
    locks: `${BRIEFLY} Validated under ${SCANNED}`,
    previousRelease: 'The previous release keeps working, unless it writes what violates it.',
  },
  {
    name: /^add-foreign-key-(?<a>.+)-(?:to|in)-(?<table>.+)$/,
    statements:
      "schema.addConstraint('{table}', { type: 'foreign key', fields: ['{a}'], references: { table: '{table}', field: 'id' } });",
    locks: `SHARE ROW EXCLUSIVE on {table} and on the table that it refers to, briefly. Validated under ${SCANNED}`,
    previousRelease: 'The previous release keeps working, unless it writes what refers to nothing.',
  },
  { name: /^add-index-(?:on-)?(?<a>.+)-(?:to|in)-(?<table>.+)$/, ...ADD_INDEX },
  { name: /^index-(?<a>.+)-(?:of|in)-(?<table>.+)$/, ...ADD_INDEX },
  {
    name: /^(?:remove|drop)-index-(?:on-)?(?<a>.+)-(?:from|in|of)-(?<table>.+)$/,
    statements: "schema.removeIndex('{table}', ['{a}']);",
    locks: `it is dropped concurrently, under ${SCANNED}`,
    previousRelease: 'The previous release keeps working, as fast as it can without it.',
  },
  {
    name: /^drop-(?<table>.+)$/,
    statements: `schema.dropTable('{table}', {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
});`,
    locks: BRIEFLY,
    previousRelease:
      'The previous release must not use {table} any more. It is kept aside, and an undo restores it.',
  },
  {
    name: /^remove-(?<a>.+)-from-(?<table>.+)$/,
    statements: "schema.removeColumn('{table}', '{a}', { type: DataTypes.TEXT });",
    locks: BRIEFLY,
    previousRelease:
      'The previous release must not use {a} any more. It is kept aside, and an undo restores it.',
  },
  {
    name: /^change-(?<a>.+)-(?:in|of)-(?<table>.+)$/,
    statements: "schema.changeColumn('{table}', '{a}', { type: DataTypes.TEXT });",
    locks: BRIEFLY,
  },
  {
    name: /^(?:update|set|fill)-(?<a>.+)-(?:in|of)-(?<table>.+)$/,
    statements: "schema.bulkUpdate('{table}', { {a}: 'new' }, { {a}: 'old' });",
    locks: IN_BATCHES,
  },
  {
    name: /^delete-(?<a>.+)-from-(?<table>.+)$/,
    statements: "schema.bulkDelete('{table}', literal('false'));",
    locks: IN_BATCHES,
  },
  {
    name: /^insert-(?<a>.+)-into-(?<table>.+)$/,
    statements: "schema.bulkInsert('{table}', [{ id: 1 }]);",
    locks: IN_BATCHES,
  },
  {
    name: /^add-(?<a>.+)-to-(?<table>.+)$/,
    statements: "schema.addColumn('{table}', '{a}', { type: DataTypes.TEXT });",
    locks: BRIEFLY,
  },
];

/** What a name says that a migration is to declare; undefined where it is of another form. */
export function changeNamed(slug: string): Template | undefined {
  for (const { name, statements, locks, previousRelease = KEEPS_WORKING } of FORMS) {
    const parts = name.exec(slug)?.groups;
    if (!parts) continue;
    const filled = (text: string) =>
      text.replace(/\{(a|b|table)\}/g, (_, part: string) => (parts[part] ?? '').replaceAll('-', '_'));
    return {
      statements: filled(statements),
      locks: filled(locks),
      previousRelease: filled(previousRelease),
    };
  }
  return undefined;
}
