import type { Sequelize } from 'sequelize';
import { associate } from './associations';
import { initConversationMessage } from './conversation-message';
import { initSection } from './section';
import { initUserSession } from './user-session';

/**
 * Attaches the models to a Sequelize instance: the application's own, or a test's. They are classes, so they belong to
 * one instance at a time, the one attached last.
 */
export function attachModels(sequelize: Sequelize): void {
  initUserSession(sequelize);
  initSection(sequelize);
  initConversationMessage(sequelize);
  associate();
}
