import { DataTypes, Op } from 'sequelize';
import { compareChanges, type Comparison, runAll } from './longest-wait';
import { declared } from './overlap';

/**
 * `npm run bench -- words [MILLIONS [RUNS]]`: the longest wait of a live application while constraints are added to tables
 * with rows and a column becomes not null, each beside the plain statement.
 */
export async function benchWords(options: readonly string[]): Promise<void> {
  await compareChanges(options, CHANGES);
}

const once = { type: 'unique', fields: ['session_id', 'id'], name: 'sections_once' } as const;
const counted = {
  type: 'check',
  fields: ['current_section'],
  name: 'current_section_counted',
  where: { current_section: { [Op.gte]: 0 } },
} as const;

const CHANGES: Comparison = [
  ['addConstraint, unique', declared((schema) => schema.addConstraint('sections', once))],
  [
    'the same in plain SQL',
    ({ query }) =>
      runAll(query, ['ALTER TABLE sections ADD CONSTRAINT sections_once UNIQUE (session_id, id)']),
  ],
  ['addConstraint, check', declared((schema) => schema.addConstraint('user_sessions', counted))],
  [
    'the same in plain SQL',
    ({ query }) =>
      runAll(query, [
        'ALTER TABLE user_sessions ADD CONSTRAINT current_section_counted CHECK (current_section >= 0)',
      ]),
  ],
  [
    'changeColumn, not null',
    declared((schema) =>
      schema.changeColumn('user_sessions', 'current_section', {
        type: DataTypes.INTEGER,
        allowNull: false,
        defaultValue: 0,
      }),
    ),
  ],
  [
    'the same in plain SQL',
    ({ query }) => runAll(query, ['ALTER TABLE user_sessions ALTER COLUMN current_section SET NOT NULL']),
  ],
];
