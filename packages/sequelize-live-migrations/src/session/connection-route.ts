import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sequelize } from 'sequelize';

/** A connection manager of Sequelize: of `sequelize`, or of another instance that a migration has made. */
export interface ConnectionManager {
  readonly config: Readonly<Record<'host' | 'port' | 'database' | 'username', unknown>>;
  readonly sequelize: { readonly options: { databaseVersion?: unknown } };
  readonly getConnection: (this: ConnectionManager, options?: object) => Promise<object>;
  readonly releaseConnection: (this: ConnectionManager, connection: object) => unknown;
  readonly destroyConnection: (this: ConnectionManager, connection: object) => unknown;
  readonly close: (this: ConnectionManager) => Promise<unknown>;
}

/** Where the statements of some work go, in place of connections from a pool. */
export interface ConnectionRoute {
  /** A connection in place of one of the pool's; undefined for the pool's own. */
  connect(manager: ConnectionManager, options: object | undefined): Promise<RoutedConnection | undefined>;
  /** Called before work that has connections of its own. @throws where that must not be */
  leave(): void;
}

export interface RoutedConnection {
  readonly connection: object;
  /** Called when Sequelize releases it to the pool, or destroys it. */
  readonly release: () => void;
}

const routes = new AsyncLocalStorage<ConnectionRoute | undefined>();
const routed = new WeakSet<object>();
/** The managers whose pool some work uses now, by a route. */
const inUse = new Set<object>();
/** What to do when a connection is released that a route has given. */
const releases = new WeakMap<object, () => void>();

/**
 * Runs work whose connections all come from a route, whichever instance of Sequelize asks for them: a model of the
 * application has one of its own. An option `transaction: null`, and the other ways past a transaction, end here as well.
 */
export async function withRoute<T>(
  { connectionManager }: Sequelize,
  route: ConnectionRoute,
  work: () => Promise<T>,
): Promise<T> {
  routeConnections(Object.getPrototypeOf(connectionManager));
  inUse.add(connectionManager);
  try {
    return await routes.run(route, work);
  } finally {
    inUse.delete(connectionManager);
  }
}

/** Whether connections come from a route, here and now. */
export function isRouted(): boolean {
  return routes.getStore() !== undefined;
}

/** Runs work with connections of the pool. */
export function withoutRoute<T>(work: () => Promise<T>): Promise<T> {
  return routes.run(undefined, work);
}

/** The same, for work that sees to its transactions by itself: for a declared migration that a plain one calls. */
export async function leavingRoute<T>(work: () => Promise<T>): Promise<T> {
  routes.getStore()?.leave();
  return withoutRoute(work);
}

/** Has all connection managers of a kind ask the route of the work that needs a connection. Does nothing for others. */
function routeConnections(prototype: unknown): void {
  if (!isManager(prototype))
    throw new Error('Sequelize 6 is needed: its connection manager is not as expected.');
  if (routed.has(prototype)) return;
  routed.add(prototype);
  const { getConnection, releaseConnection, destroyConnection, close } = prototype;
  Object.assign(prototype, {
    async getConnection(this: ConnectionManager, options?: object) {
      const given = await routes.getStore()?.connect(this, options);
      if (!given) return getConnection.call(this, options);
      releases.set(given.connection, given.release);
      return given.connection;
    },
    releaseConnection(this: ConnectionManager, connection: object) {
      const release = releases.get(connection);
      if (release) release();
      else releaseConnection.call(this, connection);
    },
    async destroyConnection(this: ConnectionManager, connection: object) {
      const release = releases.get(connection);
      if (release) release();
      else await destroyConnection.call(this, connection);
    },
    /** By that work, it would wait for a connection of the same work, for ever. */
    async close(this: ConnectionManager) {
      if (isRouted() && inUse.has(this))
        throw new Error(
          'It calls sequelize.close(), though this command still needs the connections: leave it out',
        );
      return close.call(this);
    },
  });
}

function isManager(value: unknown): value is ConnectionManager {
  return (
    typeof value === 'object' && value !== null && 'getConnection' in value && 'releaseConnection' in value
  );
}
