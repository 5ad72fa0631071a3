import { DataTypes } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// Counts the saves of a section, so that a stale save is noticed instead of overwriting someone's text.
// Locks: ACCESS EXCLUSIVE on sections, briefly (changes only the catalog: a constant default rewrites no row).
// The previous release keeps working: its inserts get the default, its updates are not counted.
export = migration(__filename, {
  up(schema) {
    schema.addColumn('sections', 'version', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });
  },
});
