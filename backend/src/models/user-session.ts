import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';

export const SESSION_STATUSES = ['active', 'completed', 'archived'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** One interview: a user, a project, and how far they have come. */
export class UserSession extends Model<InferAttributes<UserSession>, InferCreationAttributes<UserSession>> {
  declare sessionId: CreationOptional<string>;
  declare userId: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date | null>;
  declare lastActive: CreationOptional<Date | null>;
  declare currentSection: CreationOptional<number | null>;
  declare projectName: string;
  declare status: CreationOptional<SessionStatus>;
}

export function initUserSession(sequelize: Sequelize): void {
  UserSession.init(
    {
      sessionId: {
        type: DataTypes.UUID,
        primaryKey: true,
        field: 'session_id',
        defaultValue: DataTypes.UUIDV4,
      },
      userId: { type: DataTypes.STRING, field: 'user_id' },
      createdAt: { type: DataTypes.DATE, field: 'created_at', defaultValue: DataTypes.NOW },
      lastActive: { type: DataTypes.DATE, field: 'last_active', defaultValue: DataTypes.NOW },
      currentSection: { type: DataTypes.INTEGER, field: 'current_section', defaultValue: 0 },
      projectName: { type: DataTypes.STRING, allowNull: false, field: 'project_name' },
      status: { type: DataTypes.ENUM(...SESSION_STATUSES), allowNull: false, defaultValue: 'active' },
    },
    {
      sequelize,
      tableName: 'user_sessions',
      // The application sets lastActive, when the user does something; not every save does.
      timestamps: false,
      indexes: ['user_id', 'created_at', 'last_active', 'status'].map((field) => ({ fields: [field] })),
    },
  );
}
