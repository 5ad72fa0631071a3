import { DataTypes, literal } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// The conversation of a session, message by message. It is deleted with its session.
// Locks: SHARE ROW EXCLUSIVE on user_sessions, briefly, for the foreign key of a new, empty table.
// The previous release keeps working: it does not use the table.
export = migration(__filename, {
  up(schema) {
    schema.createTable('conversation_messages', {
      id: { type: DataTypes.UUID, primaryKey: true, defaultValue: literal('gen_random_uuid()') },
      session_id: {
        type: DataTypes.UUID,
        allowNull: false,
        references: { model: 'user_sessions', key: 'session_id' },
        onDelete: 'CASCADE',
      },
      role: { type: DataTypes.ENUM('user', 'assistant', 'system'), allowNull: false },
      content: { type: DataTypes.TEXT, allowNull: false },
      metadata: { type: DataTypes.JSONB, allowNull: false, defaultValue: {} },
      created_at: {
        type: DataTypes.DATE,
        allowNull: false,
        defaultValue: literal('CURRENT_TIMESTAMP'),
        // Where the application's sync() created the table, some are null: the time of the session is the nearest known.
        backfill: literal(
          `SELECT coalesce(last_active, user_sessions.created_at) FROM user_sessions WHERE session_id = conversation_messages.session_id`,
        ),
      },
    });
    schema.addIndex('conversation_messages', ['session_id', 'created_at']);
    schema.addIndex('conversation_messages', ['created_at']);
  },
});
