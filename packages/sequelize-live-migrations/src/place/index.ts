export type { Citus, Namesake, Place } from './model';
export { findPlaceOfLog, findPlaceSql, LOG_TABLE, placeIn, prepareFindPlaceSql } from './place';
