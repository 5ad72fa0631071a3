import { Client } from 'pg';

/** What psql takes for one thing: a comment, a string, a quoted identifier, a dollar-quoted body, or a character. */
const TOKEN = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|[\s\S]/g;

/** The commands of a script, as psql would send them: one message each. Its own commands, `\set`, are left out. */
export function commandsOf(script: string): string[] {
  const commands: string[] = [];
  let command = '';
  for (const [token] of script.replaceAll(/^\\.*$/gm, '').matchAll(TOKEN)) {
    if (token === ';') {
      commands.push(command.trim());
      command = '';
    } else if (!token.startsWith('--')) command += token;
  }
  if (command.trim() !== '') throw new Error(`The script ends in the middle of a command: ${command}`);
  return commands;
}

/** Runs a script on a database, in one session and command by command, as `psql --file` does. */
export async function runScript({ url }: { readonly url: string }, script: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const command of commandsOf(script)) await client.query(command);
  } finally {
    await client.end();
  }
}
