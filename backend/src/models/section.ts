import {
  DataTypes,
  Model,
  type Attributes,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
  type UpsertOptions,
} from 'sequelize';
import type { MakeNullishOptional } from 'sequelize/types/utils';
import { countBulkWrites, versionAfterUpsert } from './section-version';

/** What the interview has found out about the answers in a section. */
export interface ValidationState {
  overallComplete: boolean;
  questionStates: Record<string, unknown>;
  userConsent: boolean;
}

/**
 * One section of a requirements document. `version` counts its saves: saving a section that somebody else has
 * saved since it was read throws Sequelize's `OptimisticLockError`.
 */
export class Section extends Model<InferAttributes<Section>, InferCreationAttributes<Section>> {
  declare id: CreationOptional<number>;
  declare sessionId: ForeignKey<string>;
  declare name: string;
  declare completionStatus: CreationOptional<boolean | null>;
  declare sectionContent: CreationOptional<string | null>;
  declare validationState: CreationOptional<ValidationState | null>;
  declare version: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;

  /** Sequelize's `upsert`, which by itself leaves the version as it is. Its hooks run too late to change that. */
  static override upsert<M extends Model>(
    this: ModelStatic<M>,
    values: MakeNullishOptional<M['_creationAttributes']>,
    options?: UpsertOptions<Attributes<M>>,
  ): Promise<[M, boolean | null]> {
    const id: unknown = Reflect.get(values, 'id');
    const counted = { ...values, version: versionAfterUpsert(id) };
    const fields = options?.fields && { fields: options.fields.concat('version') };
    return Model.upsert.call<ModelStatic<M>, [typeof values, typeof options], Promise<[M, boolean | null]>>(
      this,
      counted,
      { ...options, ...fields },
    );
  }
}

export function initSection(sequelize: Sequelize): void {
  Section.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      sessionId: { type: DataTypes.UUID, allowNull: false, field: 'session_id' },
      name: { type: DataTypes.STRING, allowNull: false },
      completionStatus: { type: DataTypes.BOOLEAN, field: 'completion_status', defaultValue: false },
      sectionContent: { type: DataTypes.TEXT, field: 'section_content' },
      validationState: {
        type: DataTypes.JSONB,
        field: 'validation_state',
        defaultValue: { overallComplete: false, questionStates: {}, userConsent: false },
      },
      version: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      updatedAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      tableName: 'sections',
      version: true,
      indexes: ['session_id', 'name', 'completion_status'].map((field) => ({ fields: [field] })),
    },
  );
  countBulkWrites(Section);
}
