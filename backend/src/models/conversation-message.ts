import {
  DataTypes,
  literal,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';

export const MESSAGE_ROLES = ['user', 'assistant', 'system'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** One message of the conversation of an interview. */
export class ConversationMessage extends Model<
  InferAttributes<ConversationMessage>,
  InferCreationAttributes<ConversationMessage>
> {
  declare id: CreationOptional<string>;
  declare sessionId: ForeignKey<string>;
  declare role: MessageRole;
  declare content: string;
  declare metadata: CreationOptional<Record<string, unknown>>;
  declare createdAt: CreationOptional<Date>;
}

export function initConversationMessage(sequelize: Sequelize): void {
  ConversationMessage.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true, defaultValue: literal('gen_random_uuid()') },
      sessionId: { type: DataTypes.UUID, allowNull: false, field: 'session_id' },
      role: { type: DataTypes.ENUM(...MESSAGE_ROLES), allowNull: false },
      content: { type: DataTypes.TEXT, allowNull: false },
      metadata: { type: DataTypes.JSONB, allowNull: false, defaultValue: {} },
      createdAt: {
        type: DataTypes.DATE,
        allowNull: false,
        field: 'created_at',
        defaultValue: literal('CURRENT_TIMESTAMP'),
      },
    },
    {
      sequelize,
      tableName: 'conversation_messages',
      timestamps: false, // the database sets the time when a message is inserted
      indexes: [{ fields: ['session_id', 'created_at'] }, { fields: ['created_at'] }],
    },
  );
}
