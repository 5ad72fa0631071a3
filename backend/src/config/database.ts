import path from 'node:path';
import { databaseFromEnvironment } from 'sequelize-live-migrations/config';

const CHECKOUT = path.resolve(__dirname, '../../..');

/**
 * The database of this application: the one that the environment names (`.env.example` lists the variables), otherwise,
 * in development and test, one on the PostgreSQL server of this checkout. sequelize-cli, the models and the tests all
 * ask here.
 *
 * @throws ConfigurationError when nothing is configured in production, or something unusable is
 */
export const resolveDatabase = databaseFromEnvironment({
  applicationName: 'prd-maker',
  async fallback(environment) {
    // Loaded on demand: a production installation does not have it, and never comes here.
    const { checkoutDatabase } = await import('checkout-postgres');
    return checkoutDatabase(CHECKOUT, `prd_maker_${environment}`, { inMemory: environment === 'test' });
  },
});
