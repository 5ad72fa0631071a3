import type { MigrationToPlan } from '../run';
import { declaredChangesOf, type MigrationStorage, type Project } from '../sequelize-cli';

/** A migration of a project, to be planned beside what the others in the log declare. */
export function migrationToPlan(
  project: Project,
  storage: InstanceType<typeof MigrationStorage>,
  name: string,
  direction: 'up' | 'down',
): MigrationToPlan {
  return {
    name,
    direction,
    changes: declaredChangesOf(project, name, direction),
    later: storage.changesAfter(name),
    earlier: storage.changesBefore(name),
  };
}
