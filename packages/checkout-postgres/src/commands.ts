import { checkoutDatabase, stopCheckoutServers } from './checkout';

const USAGE = `Usage: checkout-postgres COMMAND

  start [DATABASE]  starts this checkout's server unless it is running, creates the database unless it exists (postgres
                    by default), and prints its URL for psql, with the password
  stop              stops the server; its data stays, that of the server in memory is deleted`;

/** The commands, and how many arguments each takes. */
const COMMANDS: Readonly<Record<string, number>> = { start: 1, stop: 0 };

/**
 * Runs a command of `checkout-postgres`.
 *
 * @param checkout the folder that it was typed in
 * @throws for a command that does not exist
 */
export async function runCommand(checkout: string, [name = '', ...args]: readonly string[]): Promise<void> {
  if (name === 'help' || [name, ...args].some((arg) => ['--help', '-h'].includes(arg))) {
    console.log(USAGE);
    return;
  }
  const problem = problemWith(name, args);
  if (problem !== undefined) throw new Error(`${problem} Nothing was done.\n\n${USAGE}`);
  await (name === 'stop' ? stop(checkout) : start(checkout, args[0]));
}

function problemWith(name: string, args: readonly string[]): string | undefined {
  const takes = COMMANDS[name];
  if (takes === undefined) return name === '' ? 'There is no command.' : `"${name}" is not a command.`;
  // No name of a database begins like an option that is misspelt: that would be created.
  return args.length > takes || args.some((arg) => arg.startsWith('-'))
    ? `Unexpected arguments (${args.join(' ')}).`
    : undefined;
}

async function stop(checkout: string): Promise<void> {
  const stopped = await stopCheckoutServers(checkout);
  console.log(stopped ? 'Stopped the embedded PostgreSQL of this checkout.' : 'It was not running.');
}

async function start(checkout: string, database = 'postgres'): Promise<void> {
  const { url, createMissing } = await checkoutDatabase(checkout, database);
  await createMissing();
  console.log(url.replace(/\?.*$/, ''));
}
