import { DataTypes, literal } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// An earlier JavaScript version of this set created conversation_messages without these defaults and
// not-nulls. This states them again, for the databases that have run that one; on any other it finds nothing
// to do. Nulls are filled in batches, and a validated check proves that none is left, so no lock is held while
// a large table is read. Undoing it leaves the stricter columns.
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
      // So that conversations keep their order as well as can be known.
      backfill: literal(
        `SELECT coalesce(last_active, user_sessions.created_at) FROM user_sessions WHERE session_id = conversation_messages.session_id`,
      ),
    });
  },
});
