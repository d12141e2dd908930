import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ticks of /proc's times in a second; 100 on every Linux that we know. */
const TICKS = 100;

/** The built-in PostgreSQL of a data folder, by the number of its first process. */
export function serverOf(data: string): number {
  return Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** CPU seconds of a process and of its children, those that have ended included (Linux only). */
export function serverSeconds(server: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    let fields: number[];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
    } catch {
      continue;
    }
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    if (Number(name) === server) ticks += user + system + endedUser + endedSystem;
    else if (fields[1] === server) ticks += user + system;
  }
  return ticks / TICKS;
}
