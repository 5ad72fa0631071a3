import { serverMessageOf } from '../postgres';
import type { Catalog } from './model';

/** The error for tables that PostgreSQL does not let be copied. */
export function cannotCopy({ tables }: Catalog): (error: unknown) => never {
  return (error) => {
    const names = [...tables.keys()].join(', ');
    throw new Error(
      `${serverMessageOf(error)}. Of the tables ${names}, temporary copies are made to plan on, which PostgreSQL did not ` +
        'accept. Nothing of this migration was done.',
      { cause: error },
    );
  };
}
