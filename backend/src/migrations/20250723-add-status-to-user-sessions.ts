import { DataTypes } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// A session can be completed or archived; every session there is so far is active.
// Locks: ACCESS EXCLUSIVE on user_sessions for an instant (a constant default rewrites no row).
// The older service goes on working: its inserts get the default.
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
