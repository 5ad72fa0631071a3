/** Comments, strings, quoted identifiers and bodies between dollar signs, each as a whole; or else one character. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1|[\s\S]/g;

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
