/**
 * The epoch of positions, as SQL. Whatever takes a database back to an earlier state (a backup, a failover to a standby
 * that lagged) starts the server anew or makes the tables anew, and each of that changes it. So nothing has to be stored
 * that would be taken back as well.
 */
export function epochOf(schema: string): string {
  return `(floor(extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint || '-' || '${schema}.sessions'::regclass::oid)`;
}
