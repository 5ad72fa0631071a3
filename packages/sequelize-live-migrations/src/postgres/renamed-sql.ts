import { quoteIdentifier } from './identifiers';
import { unquoted } from './printed';

/** Comments, strings and bodies between dollar signs, each as a whole; and words, which are identifiers or keywords. */
export const TOKEN =
  /--[^\n\r]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(?<tag>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<tag>|(?<word>"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/g;

/**
 * An expression of SQL in which a column has another name. Not a parser: a word of that name is taken for the column, unless
 * what is around it shows that it is a function, a type or a part of the syntax.
 */
export function withColumnRenamed(sql: string, from: string, to: string): string {
  let renamed = '';
  let done = 0;
  for (const { 0: token, index, groups } of sql.matchAll(TOKEN)) {
    const word = groups?.['word'];
    if (word === undefined || nameOf(word) !== from) continue;
    if (isOtherThing(sql.slice(0, index), sql.slice(index + token.length))) continue;
    renamed += sql.slice(done, index) + quoteIdentifier(to);
    done = index + token.length;
  }
  return renamed + sql.slice(done);
}

/** The identifiers and keywords in some SQL, as PostgreSQL reads them. */
export function identifiersIn(sql: string): string[] {
  return [...sql.matchAll(TOKEN)].flatMap(({ groups }) => {
    const word = groups?.['word'];
    return word === undefined ? [] : [nameOf(word)];
  });
}

/** PostgreSQL reads a name without quotes in lower case (manual, 4.1.1). */
export function nameOf(word: string): string {
  return word.startsWith('"') ? unquoted(word) : word.toLowerCase();
}

/** Whether a word is a function (`lower(…)`), a type (`::date`, `date '…'`, `AS date`) or a field (`extract(year FROM …)`). */
function isOtherThing(before: string, after: string): boolean {
  return /^\s*(\(|')/.test(after) || /(::|\bAS|\bextract\s*\()\s*$/i.test(before);
}
