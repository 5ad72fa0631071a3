import type { InCatalog } from './column-attributes';

/** A table as the migrations make it, and as the models declare it. */
export interface Both {
  readonly found: InCatalog;
  readonly desired: InCatalog;
}
