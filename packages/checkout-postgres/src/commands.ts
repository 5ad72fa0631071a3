import { checkoutDatabase, stopCheckoutServers } from './checkout';

const USAGE = `Usage: checkout-postgres COMMAND

  start [DATABASE]  starts this checkout's server unless it is running, creates the database unless it exists (postgres
                    by default), and prints its URL for psql, with the password
  stop              stops the server; its data stays, that of the server in memory is deleted`;

/**
 * Runs a command of `checkout-postgres`.
 *
 * @param checkout the folder that it was typed in
 * @throws for a command that does not exist
 */
export async function runCommand(
  checkout: string,
  [name, database, ...others]: readonly string[],
): Promise<void> {
  const isStop = name === 'stop' && database === undefined;
  if ((name !== 'start' && !isStop) || others.length > 0) throw new Error(USAGE);
  if (isStop) {
    const stopped = await stopCheckoutServers(checkout);
    console.log(stopped ? 'Stopped the embedded PostgreSQL of this checkout.' : 'It was not running.');
    return;
  }
  const { url, createMissing } = await checkoutDatabase(checkout, database ?? 'postgres');
  await createMissing();
  console.log(url.replace(/\?.*$/, ''));
}
