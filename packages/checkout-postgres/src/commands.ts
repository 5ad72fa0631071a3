import { checkoutDatabase, stopCheckoutServers } from './checkout';

const USAGE = `Usage: checkout-postgres COMMAND

  start [DATABASE]  starts this checkout's own server unless it runs, creates the database unless it is there (postgres
                    if none is named), and prints a URL that psql takes, with the password
  stop              stops it; its data stays, that of the server in memory goes`;

/**
 * What is typed as `checkout-postgres`, in the folder of the checkout.
 *
 * @throws for a command that there is not
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
