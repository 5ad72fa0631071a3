import { Sequelize } from 'sequelize';
import { resolveDatabase } from '../config/database';
import { attachModels } from './attach';

export { attachModels } from './attach';
export { ConversationMessage, MESSAGE_ROLES, type MessageRole } from './conversation-message';
export { Section, type ValidationState } from './section';
export { SESSION_STATUSES, UserSession, type SessionStatus } from './user-session';
