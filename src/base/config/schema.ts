import { z } from 'zod';

/** Every setting of Muster: name, meaning, default. The environment's name is `MUSTER_` and the key in capitals, unless `env` says otherwise. */
export const configSchema = z.object({
  data: z
    .string()
    .default('./data/muster')
    .describe('Folder of the built-in database. Used only where databaseUrl is not set.'),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional()
    .describe('A PostgreSQL server of your own, 15 or newer, instead of the built-in one.'),
  host: z.string().default('127.0.0.1').describe('Address on which `serve` listens.'),
  port: z.coerce
    .number('must be a whole number, 0 to 65535')
    .int('must be a whole number, 0 to 65535')
    .min(0, 'must be 0 to 65535')
    .max(65535, 'must be 0 to 65535')
    .default(8080)
    .describe('Port on which `serve` listens; 0 takes any free one.'),
  publicUrl: z
    .url()
    .optional()
    .describe('How others reach this Muster: used in feeds, mails and the roundup.'),
  team: z.string().min(1).default('NixOS').describe('Whose list it is: the name in headings.'),
  issuePrefix: z
    .string()
    .regex(/^[A-Z]{2,8}$/, 'must be two to eight capital letters')
    .default('NSI')
    .describe('Prefix of issue ids.'),
  timezone: z
    .string()
    .refine(isZone, 'must be the name of a time zone, as Europe/Berlin or UTC')
    .default('Europe/Berlin')
    .describe('Zone in which the week of the roundup begins.'),
  contact: z
    .string()
    .optional()
    .describe('Address that the User-Agent names, so that sources can reach you.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('warn')
    .describe('What is logged, as JSON, on standard error.'),
});

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export type Config = z.infer<typeof configSchema>;

/** Names in the environment that differ from `MUSTER_KEY_IN_CAPITALS`. */
export const ENVIRONMENT_NAMES: Partial<Record<keyof Config, string>> = { databaseUrl: 'DATABASE_URL' };

/** `logLevel` → `MUSTER_LOG_LEVEL`. */
export function environmentName(key: keyof Config): string {
  return ENVIRONMENT_NAMES[key] ?? `MUSTER_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
