import { DataTypes, literal } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// The conversation of a session, message by message; it goes when its session goes.
// Locks: SHARE ROW EXCLUSIVE on user_sessions for an instant, for the foreign key of a new, empty table.
// The older service goes on working: it does not know the table.
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
        // Where the service's own sync() made the table, some have none: the session's is the best that is known.
        backfill: literal(
          `SELECT coalesce(last_active, user_sessions.created_at) FROM user_sessions WHERE session_id = conversation_messages.session_id`,
        ),
      },
    });
    schema.addIndex('conversation_messages', ['session_id', 'created_at']);
    schema.addIndex('conversation_messages', ['created_at']);
  },
});
