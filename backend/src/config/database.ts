import path from 'node:path';
import { databaseFromEnvironment } from 'sequelize-live-migrations/config';

const CHECKOUT = path.resolve(__dirname, '../../..');

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
    const { checkoutDatabase } = await import('checkout-postgres');
    return checkoutDatabase(CHECKOUT, `prd_maker_${environment}`, { inMemory: environment === 'test' });
  },
});
