export * from '../../../packages/sequelize-live-migrations/test/support/schema-name';
