/** Matches comments, strings, quoted identifiers and bodies between dollar signs, each as a whole. */
export const PASSED_OVER =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<tag>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<tag>/
    .source;

/** One of these, or else one character. */
const TOKEN = new RegExp(`${PASSED_OVER}|[\\s\\S]`, 'g');

/** The statements of a text of SQL. A function that is written in SQL itself, `BEGIN ATOMIC`, is not taken apart. */
export function statementsIn(text: string): string[] {
  if (/\bbegin\s+atomic\b/i.test(text)) return [text];
  const statements = [''];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';') statements.push('');
    else statements.push(`${statements.pop() ?? ''}${token}`);
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
