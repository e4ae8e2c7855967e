/** What compiled code reads at run time, at the same place relative to it. */
export const assets = ['db/migrations', 'schemas/avro', 'dashboard/dist', 'platform/guardian.sh'] as const;
