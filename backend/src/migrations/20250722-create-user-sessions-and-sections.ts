import { DataTypes } from 'sequelize';
import { migration } from 'sequelize-live-migrations';

// The baseline: the two tables of the application that the later migrations build on, as the application creates them.
// Where they exist, they belong to the application and stay as they are, so this is safe on every database. Undoing it
// drops a table only where it is empty, unchanged, and nothing depends on it. Locks: none on an existing table.

const userSessions = {
  session_id: { type: DataTypes.UUID, primaryKey: true },
  user_id: { type: DataTypes.STRING },
  created_at: { type: DataTypes.DATE },
  last_active: { type: DataTypes.DATE },
  current_section: { type: DataTypes.INTEGER, defaultValue: 0 },
  project_name: { type: DataTypes.STRING, allowNull: false },
};

const sections = {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  session_id: {
    type: DataTypes.UUID,
    allowNull: false,
    references: { model: 'user_sessions', key: 'session_id' },
    onUpdate: 'CASCADE',
    onDelete: 'CASCADE',
  },
  name: { type: DataTypes.STRING, allowNull: false },
  completion_status: { type: DataTypes.BOOLEAN, defaultValue: false },
  section_content: { type: DataTypes.TEXT },
  validation_state: {
    type: DataTypes.JSONB,
    defaultValue: { overallComplete: false, questionStates: {}, userConsent: false },
  },
  createdAt: { type: DataTypes.DATE, allowNull: false },
  updatedAt: { type: DataTypes.DATE, allowNull: false },
} as const;

export = migration(__filename, {
  up(schema) {
    schema.createTable('user_sessions', userSessions, {
      existing: 'keep',
      indexes: [{ fields: ['user_id'] }, { fields: ['created_at'] }, { fields: ['last_active'] }],
    });
    schema.createTable('sections', sections, {
      existing: 'keep',
      indexes: [{ fields: ['session_id'] }, { fields: ['name'] }, { fields: ['completion_status'] }],
    });
  },
});
