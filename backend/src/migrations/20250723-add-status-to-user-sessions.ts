import { DataTypes } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// A session can be completed or archived; all existing sessions are active.
// Locks: ACCESS EXCLUSIVE on user_sessions, briefly (changes only the catalog: a constant default rewrites no row).
// The previous release keeps working: its inserts get the default.
export = migration(__filename, {
  up(schema) {
    schema.addColumn('user_sessions', 'status', {
      type: DataTypes.ENUM('active', 'completed', 'archived'),
      allowNull: false,
      defaultValue: 'active',
    });
    schema.addIndex('user_sessions', ['status']);
  },
});
