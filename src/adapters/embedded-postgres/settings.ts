/**
 * How the embedded server is tuned: one small machine, many short transactions of inserts, durability on.
 * They are given on the command line, so that a new version of Myelin brings its settings with it and a look
 * at the process list tells them. WAL and TOAST compression stay as they are: this build has no lz4, and pglz
 * costs more CPU than it saves.
 */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  // Only this machine, only by password. No socket file: its path may be 107 bytes at most, and it was no faster.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',

  // A commit is on disk before it is acknowledged.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  jit: 'off',

  // Tables begin empty and grow by thousands of rows a second: look often, and act on a small share of change.
  autovacuum_naptime: '15s',
  autovacuum_max_workers: '2',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_vacuum_insert_scale_factor: '0.1',

  // After a crash of ours, what its connections were doing ends by itself.
  client_connection_check_interval: '2s',
  // After a crash of the server: one call instead of opening every file.
  ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),

  // The log names statements and errors, never values of rows.
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** The command line of `postgres` for this data folder; the same input gives the same words. */
export function serverArguments(
  folder: string,
  port: number,
  extra: Readonly<Record<string, string>> = {},
): readonly string[] {
  const settings = Object.entries({ ...SERVER_SETTINGS, ...extra, port: String(port) });
  return ['-D', folder, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
