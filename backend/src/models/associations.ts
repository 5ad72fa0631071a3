import type {
  BelongsToGetAssociationMixin,
  HasManyCreateAssociationMixin,
  HasManyGetAssociationsMixin,
  NonAttribute,
} from 'sequelize';
import { ConversationMessage } from './conversation-message';
import { Section } from './section';
import { UserSession } from './user-session';

// The associations of the models, and the methods that Sequelize adds for them. Here and not in the classes, which would
// have to import each other.

declare module './user-session' {
  interface UserSession {
    sections?: NonAttribute<Section[]>;
    getSections: HasManyGetAssociationsMixin<Section>;
    createSection: HasManyCreateAssociationMixin<Section, 'sessionId'>;

    messages?: NonAttribute<ConversationMessage[]>;
    getMessages: HasManyGetAssociationsMixin<ConversationMessage>;
    createMessage: HasManyCreateAssociationMixin<ConversationMessage, 'sessionId'>;
  }
}

declare module './section' {
  interface Section {
    session?: NonAttribute<UserSession>;
    getSession: BelongsToGetAssociationMixin<UserSession>;
  }
}

declare module './conversation-message' {
  interface ConversationMessage {
    session?: NonAttribute<UserSession>;
    getSession: BelongsToGetAssociationMixin<UserSession>;
  }
}

const FOREIGN_KEY = { foreignKey: { name: 'sessionId', field: 'session_id', allowNull: false } };
const SECTIONS = { ...FOREIGN_KEY, onUpdate: 'CASCADE', onDelete: 'CASCADE' };
const MESSAGES = { ...FOREIGN_KEY, onUpdate: 'NO ACTION', onDelete: 'CASCADE' };

/** Associates the models, once they are attached to one Sequelize instance. */
export function associate(): void {
  UserSession.hasMany(Section, { ...SECTIONS, as: 'sections' });
  Section.belongsTo(UserSession, { ...SECTIONS, as: 'session' });
  UserSession.hasMany(ConversationMessage, { ...MESSAGES, as: 'messages' });
  ConversationMessage.belongsTo(UserSession, { ...MESSAGES, as: 'session' });
}
