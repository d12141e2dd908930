import { isIP } from 'node:net';
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
  roundupOpens: z
    .string()
    .regex(
      /^(?:never|(?:mon|tues|wednes|thurs|fri|satur|sun)day ([01]\d|2[0-3]):[0-5]\d)$/,
      'must be a day and a time, as "wednesday 06:45", or "never"',
    )
    .default('wednesday 06:45')
    .describe('When the weekly roundup opens by itself, in that zone; `never` leaves it to people.'),
  worker: z
    .union([z.boolean(), z.stringbool()])
    .default(true)
    .describe(
      'Whether `serve` also does what Muster does by itself. Switch it off where `./muster worker` does.',
    ),
  securityContact: z
    .string()
    .optional()
    .describe('Whom visitors write to about what is not public yet; nothing of that is stored here.'),
  securityKey: z.string().optional().describe('Fingerprint or address of the key to encrypt it with.'),
  contact: z
    .string()
    .optional()
    .describe('Address that the User-Agent names, so that sources can reach you.'),
  fetch: z
    .union([z.boolean(), z.stringbool()])
    .default(true)
    .describe(
      'Whether sources that were fetched once (`./muster sync SOURCE`) are kept up to date by themselves.',
    ),
  signUp: z
    .enum(['open', 'invite', 'closed'])
    .default('open')
    .describe(
      'Who may make an account: everybody (anyone can help), whoever an admin asked in, or nobody but an admin.',
    ),
  trustedProxies: z
    .string()
    .default('')
    .refine(
      (list) => addressBlocks(list).every(isBlock),
      'must be addresses or blocks (10.0.0.0/8), with commas',
    )
    .describe(
      'Proxies in front of `serve` whose X-Forwarded-For is believed: addresses or blocks, with commas. Nobody’s by default.',
    ),
  oidcIssuer: z
    .url()
    .optional()
    .describe('OpenID provider with which people may sign in: its issuer address.'),
  oidcClientId: z.string().optional().describe('What Muster is called at the OpenID provider.'),
  oidcClientSecret: z.string().optional().describe('Its secret there.'),
  oidcName: z.string().min(1).default('single sign-on').describe('What people call the OpenID provider.'),
  githubClientId: z.string().optional().describe('OAuth app of GitHub with which people may sign in.'),
  githubClientSecret: z.string().optional().describe('Its secret there.'),
  githubUrl: z.url().default('https://github.com').describe('Another GitHub than the public one.'),
  githubApiUrl: z.url().default('https://api.github.com').describe('Address of its API.'),
  smtpUrl: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'must begin with smtp:// or smtps://')
    .optional()
    .describe('The server that takes mail, as smtps://user:password@host:465. Without it none is sent.'),
  mailFrom: z
    .string()
    .regex(/^[^\r\n<>@]*<?[^\s<>@]+@[^\s<>@]+>?$/, 'must be an address, or a name and <an address>')
    .optional()
    .describe('Whom mails are from, as "Muster <security@example.org>". Needed with smtpUrl.'),
  mailsPerMinute: z.coerce
    .number('must be a whole number from 1')
    .int('must be a whole number from 1')
    .min(1, 'must be a whole number from 1')
    .max(10_000, 'must be at most 10000')
    .default(60)
    .describe('How many mails go out in a minute at most; the others wait.'),
  digestAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time, as "07:00"')
    .default('07:00')
    .describe('When the daily mail goes to those who want one a day, in the team’s zone.'),
  mailboxes: z
    .string()
    .default('')
    .refine(
      (list) => listed(list).every((each) => /^(?:imaps?:\/\/\S+@[^\s/]+|(?:maildir|mbox):\S+)/.test(each)),
      'must be imaps://user:password@host/INBOX, maildir:/folder or mbox:/file, with commas',
    )
    .describe(
      'Where mail of mailing lists arrives: imaps://user:password@host/INBOX, maildir:/folder, mbox:/file, with commas. Read every five minutes; nothing in them is changed.',
    ),
  mailLists: z
    .string()
    .default('')
    .refine(
      (list) => listed(list).every((each) => /^[\w.-]{3,200}$/.test(each)),
      'must be List-Ids (name.lists.example.org), with commas',
    )
    .describe(
      'List-Ids of public lists that are read besides those that Muster knows, with commas. Other mail is not kept.',
    ),
  secondOpinion: z
    .union([z.boolean(), z.stringbool()])
    .default(false)
    .describe('Whether a dismissal waits until a second person agrees.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('warn')
    .describe('What is logged, as JSON, on standard error.'),
});

/** "a, b" → both. */
export function listed(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

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

/** "10.0.0.0/8, ::1" → one block each. */
export function addressBlocks(list: string): { address: string; bits: number | null }[] {
  const written = list.split(',').map((part) => part.trim());
  return written
    .filter((part) => part !== '')
    .map((part) => {
      const [address = '', bits] = part.split('/');
      return {
        address,
        bits: bits === undefined ? null : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN,
      };
    });
}

function isBlock({ address, bits }: { address: string; bits: number | null }): boolean {
  const version = isIP(address);
  return version !== 0 && (bits === null || (bits >= 0 && bits <= (version === 4 ? 32 : 128)));
}
