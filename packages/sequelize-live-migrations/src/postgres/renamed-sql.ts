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
  for (const { name, start, end } of wordsIn(sql)) {
    if (name !== from || isOtherThing(sql.slice(0, start), sql.slice(end))) continue;
    renamed += sql.slice(done, start) + quoteIdentifier(to);
    done = end;
  }
  return renamed + sql.slice(done);
}

/** The identifiers and keywords in some SQL, as PostgreSQL reads them. */
export function identifiersIn(sql: string): string[] {
  return wordsIn(sql).map(({ name }) => name);
}

/** An identifier or a keyword. */
interface Word {
  readonly word: string;
  /** As PostgreSQL reads it. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The words of some SQL, and where they are. */
export function wordsIn(sql: string): Word[] {
  return [...sql.matchAll(TOKEN)].flatMap(({ index, groups }) => {
    const word = groups?.['word'];
    return word === undefined ? [] : [{ word, name: nameOf(word), start: index, end: index + word.length }];
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
