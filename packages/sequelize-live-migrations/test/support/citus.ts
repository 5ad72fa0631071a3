import { urlOfSibling } from '../../src/configuration';
import * as kit from '../../src/testing/database';
import { currentTestRun } from '../../src/testing/environment';
import { remember, type TestDatabase } from './database';
import { ask } from './replication';
import { urlWith } from './urls';

/**
 * The URL of the coordinator of a Citus cluster, to a database of which the cluster's nodes are known. Set by whoever runs
 * `npm run test:citus`.
 */
const VARIABLE = 'TEST_CITUS_URL';

const { [VARIABLE]: coordinator } = process.env;

if (!coordinator) console.warn(`${VARIABLE} is not set: the tests with Citus are skipped.`);

export const isThereCitus = Boolean(coordinator);

/** `describe` where there is a Citus cluster. Where there is none, the tests are skipped, and a line says so. */
export const describeWithCitus = isThereCitus ? describe : describe.skip;

interface Node {
  readonly host: string;
  readonly port: number;
  readonly isCoordinator: boolean;
}

/** A new database of the cluster: on the coordinator, and on each worker, where there are any. */
export async function createCitusDatabase(): Promise<TestDatabase> {
  const url = clusterUrl();
  const name = kit.newDatabaseName(currentTestRun().name);
  const nodes = await nodesOf(url);
  const all = [url, ...nodes.filter(({ isCoordinator }) => !isCoordinator).map((node) => urlAt(url, node))];
  for (const server of all) {
    await ask(server, `CREATE DATABASE ${name}`);
    await ask(urlOfSibling(server, name), 'CREATE EXTENSION IF NOT EXISTS citus');
  }
  const [own = { host: 'localhost', port: 5432 }] = nodes.filter(({ isCoordinator }) => isCoordinator);
  await ask(urlOfSibling(url, name), `SELECT citus_set_coordinator_host('${own.host}', ${String(own.port)})`);
  for (const { host, port, isCoordinator } of nodes)
    if (!isCoordinator)
      await ask(urlOfSibling(url, name), `SELECT citus_add_node('${host}', ${String(port)})`);
  const drop = async () => {
    for (const server of all) await ask(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return remember({ url: urlOfSibling(url, name), drop });
}

/** The URLs of a database on the workers. */
export async function urlsOnWorkers({ url }: TestDatabase): Promise<string[]> {
  const nodes = await nodesOf(url);
  return nodes.filter(({ isCoordinator }) => !isCoordinator).map((node) => urlAt(url, node));
}

function clusterUrl(): string {
  if (!coordinator) throw new Error(`${VARIABLE} is not set.`);
  return coordinator;
}

async function nodesOf(url: string): Promise<Node[]> {
  const rows = await ask(
    url,
    'SELECT nodename AS host, nodeport AS port, groupid = 0 AS "isCoordinator" FROM pg_dist_node WHERE isactive ORDER BY nodeid',
  );
  return rows.map(({ host, port, isCoordinator }) => ({
    host: String(host),
    port: Number(port),
    isCoordinator: isCoordinator === true,
  }));
}

function urlAt(url: string, { host, port }: Node): string {
  return urlWith(url, { hostname: host, port: String(port) });
}
