import type { Sequelize } from 'sequelize';
import { ConversationMessage, initConversationMessage } from './conversation-message';
import { initSection, Section } from './section';
import { initUserSession, UserSession } from './user-session';

/**
 * Attaches the models to a Sequelize instance: to the service's own, or to a test's. They are classes, so they
 * belong to one instance at a time, the one attached last.
 */
export function attachModels(sequelize: Sequelize): void {
  initUserSession(sequelize);
  initSection(sequelize);
  initConversationMessage(sequelize);

  const key = { foreignKey: { name: 'sessionId', field: 'session_id', allowNull: false } };
  UserSession.hasMany(Section, { ...key, as: 'sections', onUpdate: 'CASCADE', onDelete: 'CASCADE' });
  Section.belongsTo(UserSession, { ...key, as: 'session', onUpdate: 'CASCADE', onDelete: 'CASCADE' });
  UserSession.hasMany(ConversationMessage, {
    ...key,
    as: 'messages',
    onUpdate: 'NO ACTION',
    onDelete: 'CASCADE',
  });
  ConversationMessage.belongsTo(UserSession, {
    ...key,
    as: 'session',
    onUpdate: 'NO ACTION',
    onDelete: 'CASCADE',
  });
}
