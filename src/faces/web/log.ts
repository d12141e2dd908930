import { type Logger, pino } from 'pino';

/** The log of the web face: JSON lines on standard error. */
export function makeLog(level: string): Logger {
  return pino({ name: 'web', level, base: null }, pino.destination({ dest: 2, sync: true }));
}
