import { typedIn } from '../../../packages/sequelize-live-migrations/test/support/cli';
import { ROOT } from './build';

export type { Run } from '../../../packages/sequelize-live-migrations/test/support/cli';

export const { start, run, shell, startSequelizeCli, sequelizeCli, succeed } = typedIn(ROOT);
