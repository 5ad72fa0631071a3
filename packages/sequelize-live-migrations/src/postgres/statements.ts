/** Comments, strings, quoted identifiers and bodies between dollar signs, each as a whole. */
const PASSED_OVER =
  /--[^\n\r]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<tag>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<tag>/g;

/** A statement of a text of SQL, and its place in that. */
interface Statement {
  /** In upper case and in one line, without comments, strings, quoted identifiers and bodies. */
  readonly words: string;
  readonly start: number;
  readonly end: number;
}

/** The statements of a text. Not a parser: it tells what ends a statement from what is written in a string. */
export function statementsOf(text: string): Statement[] {
  return [...bareSql(text).matchAll(/[^;]+/g)].map(({ 0: bare, index }) => ({
    words: bare.trim().replace(/\s+/g, ' ').toUpperCase(),
    start: index,
    end: index + bare.length,
  }));
}

/** The same as texts. A function that is written in SQL itself, `BEGIN ATOMIC`, is not taken apart. */
export function statementsIn(text: string): string[] {
  if (/\bbegin\s+atomic\b/i.test(text)) return [text];
  return statementsOf(text)
    .map(({ start, end }) => text.slice(start, end).trim())
    .filter((statement) => statement !== '');
}

/** A text of SQL that other SQL may follow: a comment at its end does not reach into that. */
export function endedSql(text: string): string {
  return text.includes('--') ? `${text}\n` : text;
}

/** A text of SQL with blanks in place of comments, strings, quoted identifiers and bodies, so that each word has its place. */
export function bareSql(text: string): string {
  return text.replace(PASSED_OVER, (passedOver) => ' '.repeat(passedOver.length));
}
