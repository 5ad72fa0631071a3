import { DataTypes, literal } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// An earlier set of JavaScript migrations created conversation_messages without these defaults and NOT NULLs. This
// declares them again, for the databases on which those have run; on any other it has nothing to do. Undoing it leaves
// the stricter columns.
// Locks: ACCESS EXCLUSIVE on conversation_messages, briefly, several times (each changes only the catalog). Nulls are
// filled in batches, and the NOT NULL checks validated under SHARE UPDATE EXCLUSIVE, which does not block writes.
// The previous release keeps working.
export = migration(__filename, {
  up(schema) {
    const table = 'conversation_messages';
    schema.changeColumn(table, 'id', {
      type: DataTypes.UUID,
      allowNull: false,
      defaultValue: literal('gen_random_uuid()'),
    });
    schema.changeColumn(table, 'metadata', { type: DataTypes.JSONB, allowNull: false, defaultValue: {} });
    schema.changeColumn(table, 'created_at', {
      type: DataTypes.DATE,
      allowNull: false,
      defaultValue: literal('CURRENT_TIMESTAMP'),
      // So that conversations keep their order, as far as it is known.
      backfill: literal(
        `SELECT coalesce(last_active, user_sessions.created_at) FROM user_sessions WHERE session_id = conversation_messages.session_id`,
      ),
    });
  },
});
