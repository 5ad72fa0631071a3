/** The longest identifier, in bytes (manual, 4.1.1). */
export const LONGEST_NAME = 63;

/** `"pets"`: an identifier as SQL writes it, whatever characters it has. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** `"session_id", "created_at"` */
export function quoteIdentifiers(identifiers: readonly string[]): string {
  return identifiers.map(quoteIdentifier).join(', ');
}

/** `"public"."pets"`; without a schema, `"pets"`. */
export function quoteQualified(schema: string | undefined, name: string): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** `'it''s'`: a string as SQL writes it (with `standard_conforming_strings`, PostgreSQL's default). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `'cat', 'dog'` */
export function quoteLiterals(texts: readonly string[]): string {
  return texts.map(quoteLiteral).join(', ');
}

/** An array of strings, as an expression. */
export function textArray(values: readonly string[]): string {
  return `ARRAY[${quoteLiterals(values)}]::text[]`;
}
