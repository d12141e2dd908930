import { configSchema, environmentName } from '#base/config';
import type { Context } from '../context.ts';

/** `muster config` */
export async function config(context: Context): Promise<void> {
  const settings = (Object.keys(configSchema.shape) as (keyof typeof configSchema.shape)[]).map((name) => ({
    name,
    variable: environmentName(name),
    value: SECRET.test(name) ? hidden(context.config[name]) : withoutPassword(context.config[name]),
    meaning: configSchema.shape[name].description ?? '',
  }));
  context.result(settings, () => {
    for (const { name, variable, value, meaning } of settings) {
      context.say(`${name} = ${value === null ? '(not set)' : JSON.stringify(value)}`);
      context.say(`    ${variable}  ${meaning}`);
    }
    context.say(
      '\nA file of settings is named by MUSTER_CONFIG (TOML, with these names); variables outrank it.',
    );
  });
}

/** Settings that nobody may read over a shoulder, by their name. */
const SECRET = /(?:secret|password)$/i;

/** Whether it is set, and no more. */
function hidden(value: unknown): string | null {
  return value === undefined ? null : '***';
}

/** An address of a server may carry a password, which belongs on no screen. */
function withoutPassword<T>(value: T): string | NonNullable<T> | null {
  if (typeof value !== 'string') return value ?? null;
  return value
    .replace(/(imaps?:\/\/[^:@/,]*):[^,]*?@(?=[^@,]*(?:,|$))/g, '$1:***@')
    .replace(/^((?:postgres(?:ql)?|smtps?):\/\/[^:@/]*):.*@/s, '$1:***@')
    .replace(/([?&](?:password|sslpassword|pass)=)[^&]*/g, '$1***');
}
