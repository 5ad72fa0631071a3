import { Sequelize } from 'sequelize';
import { resolveDatabase } from '../config/database';
import { attachModels } from './attach';

export { attachModels } from './attach';
export { ConversationMessage, MESSAGE_ROLES, type MessageRole } from './conversation-message';
export { Section, type ValidationState } from './section';
export { SESSION_STATUSES, UserSession, type SessionStatus } from './user-session';

/**
 * The application's Sequelize instance. Importing it reads no configuration and opens no connection: both happen at the
 * first query.
 */
export const sequelize = new Sequelize({
  dialect: 'postgres',
  logging: false,
  hooks: {
    beforeConnect: async (target) => {
      const { connection, createMissing } = await resolveDatabase();
      Object.assign(target, connection);
      await createMissing?.();
    },
  },
});

attachModels(sequelize);
