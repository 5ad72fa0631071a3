import { FOREIGN_KEYS } from './catalog-sql';
import type { ForeignKey, Index } from './model';

/** A partition of a live table, or of one of its partitions. */
export interface Partition {
  readonly schema: string;
  readonly name: string;
  /** The partition of which it is one itself; null where it is one of the table. */
  readonly parent: string | null;
  /** `pg_class.relkind`: `r`, `f` for a foreign table, `p` where it is partitioned itself. */
  readonly kind: string;
  readonly indexes: readonly PartitionIndex[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface PartitionIndex extends Pick<Index, 'name' | 'unique' | 'definition' | 'valid'> {
  /** Whether a constraint owns it. */
  readonly isOfConstraint: boolean;
  /** The index of the parent to which it is attached. */
  readonly attachedTo: string | null;
}

/** Selects the partitions of a live table, those of partitions included, each after the table of which it is one. */
export function partitionsSql(oid: string): string {
  const indexes = `SELECT json_agg(json_build_object('name', r.relname, 'unique', i.indisunique, 'valid', i.indisvalid,
      'definition', regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', ''),
      'isOfConstraint', EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')),
      'attachedTo', (SELECT a.relname FROM pg_inherits h JOIN pg_class a ON a.oid = h.inhparent WHERE h.inhrelid = r.oid)))
    FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid WHERE i.indrelid = c.oid`;
  return `SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
      CASE WHEN t.level > 1 THEN o.relname::text END AS parent,
      coalesce((${indexes}), '[]') AS indexes, coalesce((${FOREIGN_KEYS}), '[]') AS "foreignKeys"
    FROM pg_partition_tree(${oid}) AS t JOIN pg_class c ON c.oid = t.relid JOIN pg_class o ON o.oid = t.parentrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE t.level > 0 ORDER BY t.level, c.relname`;
}
