import { execFile } from 'node:child_process';
import { chown, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/**
 * Copies the cluster of a running server, as `pg_basebackup` does, which the embedded binaries lack: the files as they
 * are, the label that says where to begin, and the write-ahead log to the end of the backup.
 */
export async function takeBaseBackup(ownerUrl: string, cluster: string, backup: string): Promise<void> {
  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();
  try {
    await rm(backup, { recursive: true, force: true });
    await db.query(`select pg_backup_start('chaos', fast => true)`);
    await copyFolder(cluster, backup);
    const { rows } = await db.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    await copyFolder(path.join(cluster, 'pg_wal'), path.join(backup, 'pg_wal'));
    await writeAsOwnerOf(cluster, path.join(backup, 'backup_label'), rows[0]?.labelfile ?? '');
    for (const left of ['postmaster.pid', 'postmaster.opts'])
      await rm(path.join(backup, left), { force: true });
  } finally {
    await db.end();
  }
}

/** Only while the server is stopped. */
export async function restoreBaseBackup(backup: string, cluster: string): Promise<void> {
  await rm(cluster, { recursive: true, force: true });
  await copyFolder(backup, cluster);
}

async function writeAsOwnerOf(cluster: string, file: string, text: string): Promise<void> {
  const { uid, gid } = await stat(cluster);
  await writeFile(file, text, { mode: 0o600 });
  await chown(file, uid, gid);
}

/** Keeps the owner, without whom PostgreSQL refuses its files. Some may vanish meanwhile: the log makes up for those. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await run('mkdir', ['-p', to]);
  await run('cp', ['-a', `${from}/.`, to]).catch((error: unknown) => {
    if (!onlyVanished.test((error as { readonly stderr?: string }).stderr ?? '')) throw error;
  });
}

const onlyVanished = /^(cp: cannot (stat|open|access) .*: No such file or directory\n)+$/;
