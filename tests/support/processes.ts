import { readdir, readFile } from 'node:fs/promises';

/**
 * Ids of the processes whose environment holds `mark`: everything that a process with it has started, and what those
 * started, as long as they run. Linux only; elsewhere none.
 */
export async function processesMarked(mark: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const hits = await Promise.all(pids.map(async (pid) => (await environmentOf(pid)).includes(mark)));
  return pids.filter((_pid, index) => hits[index]).map(Number);
}

/** Empty for a process that has ended, or that belongs to somebody else. */
async function environmentOf(pid: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
