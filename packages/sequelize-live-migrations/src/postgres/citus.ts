/** An SQL condition: whether the database has Citus. */
export const HAS_CITUS = "EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')";
