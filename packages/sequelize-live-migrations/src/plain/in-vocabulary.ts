const name = (group: string) => `(?:"?[\\w$]+"?\\.)?"?(?<${group}>[\\w$]+)"?`;
const TABLE = `(?:ONLY )?${name('table')}`;
const NAME = name('name');

/** What Sequelize's query generator writes, and the word of the vocabulary that declares the same. */
const WORDS: readonly (readonly [statement: string, word: string])[] = [
  [
    `ALTER TABLE (?:IF EXISTS )?${TABLE} ADD COLUMN (?:IF NOT EXISTS )?${NAME}`,
    "addColumn('TABLE', 'NAME', { … })",
  ],
  [`ALTER TABLE ${TABLE} DROP COLUMN (?:IF EXISTS )?${NAME}`, "removeColumn('TABLE', 'NAME', { … })"],
  [`ALTER TABLE ${TABLE} ALTER COLUMN ${NAME}`, "changeColumn('TABLE', 'NAME', { … })"],
  [`ALTER TABLE ${TABLE} RENAME COLUMN ${NAME}`, "renameColumn('TABLE', 'NAME', '…')"],
  [`ALTER TABLE ${TABLE} ADD CONSTRAINT ${NAME}`, "addConstraint('TABLE', { name: 'NAME', … })"],
  [
    `CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?${NAME} ON ${TABLE}`,
    "addIndex('TABLE', ['…'], { name: 'NAME' })",
  ],
  [`UPDATE ${TABLE} SET ${NAME}`, "changeColumn('TABLE', 'NAME', { …, backfill: literal('…') })"],
];

const PATTERNS = WORDS.map(([statement, word]) => {
  const pattern = statement.replaceAll(' ', '\\s+').replaceAll(')\\s+', ')\\s*');
  return { pattern: new RegExp(`^\\s*${pattern}`, 'i'), word };
});

/**
 * The declarations that do the same as some statements on a table, as code; none where the vocabulary has no word for
 * them.
 */
export function inVocabulary(sent: readonly string[], table: string): string[] {
  const lines = sent.flatMap((sql) =>
    PATTERNS.flatMap(({ pattern, word }) => {
      const found = pattern.exec(sql)?.groups;
      if (found?.['table'] !== table) return [];
      const { name: named = '' } = found;
      return [`schema.${word.replace('TABLE', () => table).replace('NAME', () => named)};`];
    }),
  );
  return [...new Set(lines)];
}
