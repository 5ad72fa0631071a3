const NAME = '(?:"?[\\w$]+"?\\.)?"?([\\w$]+)"?';

/** What Sequelize's query generator writes, and the word of the vocabulary that declares the same. */
const WORDS: readonly (readonly [statement: RegExp, word: (table: string, name: string) => string])[] = [
  [
    statement(`ALTER TABLE (?:IF EXISTS )?(?:ONLY )?${NAME} ADD COLUMN (?:IF NOT EXISTS )?${NAME}`),
    (table, column) => `addColumn('${table}', '${column}', { … })`,
  ],
  [
    statement(`ALTER TABLE (?:ONLY )?${NAME} DROP COLUMN (?:IF EXISTS )?${NAME}`),
    (table, column) => `removeColumn('${table}', '${column}', { … })`,
  ],
  [
    statement(`ALTER TABLE (?:ONLY )?${NAME} ALTER COLUMN ${NAME}`),
    (table, column) => `changeColumn('${table}', '${column}', { … })`,
  ],
  [
    statement(`ALTER TABLE (?:ONLY )?${NAME} RENAME COLUMN ${NAME}`),
    (table, column) => `renameColumn('${table}', '${column}', '…')`,
  ],
  [
    statement(`ALTER TABLE (?:ONLY )?${NAME} ADD CONSTRAINT ${NAME}`),
    (table, name) => `addConstraint('${table}', { name: '${name}', … })`,
  ],
  [
    statement(`CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?${NAME} ON (?:ONLY )?${NAME}`),
    (name, table) => `addIndex('${table}', ['…'], { name: '${name}' })`,
  ],
  [
    statement(`UPDATE (?:ONLY )?${NAME} SET ${NAME}`),
    (table, column) => `changeColumn('${table}', '${column}', { …, backfill: literal('…') })`,
  ],
];

function statement(pattern: string): RegExp {
  return new RegExp(`^\\s*${pattern.replaceAll(' ', '\\s+').replaceAll(')\\s+', ')\\s*')}`, 'i');
}

/**
 * The declarations that do the same as some statements on a table, as code; none where the vocabulary has no word for
 * them.
 */
export function inVocabulary(sent: readonly string[], table: string): string[] {
  const lines = sent.flatMap((sql) =>
    WORDS.flatMap(([pattern, word]) => {
      const [, first, second] = pattern.exec(sql) ?? [];
      if (first === undefined || second === undefined || ![first, second].includes(table)) return [];
      return [`schema.${word(first, second)};`];
    }),
  );
  return [...new Set(lines)];
}
