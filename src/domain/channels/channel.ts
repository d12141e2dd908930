import { MusterError } from '#base/errors';

export const LIFECYCLES = ['development', 'supported', 'deprecated', 'end_of_life'] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

/** A line of releases that users follow. */
export interface Channel {
  /** `nixos-17.03` */
  name: string;
  /** As it was set; what holds today is `lifecycleOn`. It is a label: revisions of a channel past its end are kept and counted. */
  lifecycle: Lifecycle;
  /** Days, as `2017-03-31`. */
  released: string | null;
  endOfLife: string | null;
}

/** The life cycle on a day (`2017-11-01`): from the day of its end of life on a channel is past it, whether or not somebody set it. */
export function lifecycleOn({ lifecycle, endOfLife }: Channel, day: string): Lifecycle {
  return endOfLife !== null && endOfLife <= day ? 'end_of_life' : lifecycle;
}

/** What a channel is while nobody has said: what is called unstable or master is in development. */
export function guessLifecycle(name: string): Lifecycle {
  return /(?:unstable|master|staging)/.test(name) ? 'development' : 'supported';
}

/** @throws MusterError USAGE */
export function checkChannelName(name: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name))
    throw new MusterError(
      'USAGE',
      `"${name.slice(0, 80)}" is not a name for a channel: letters, digits, dots and dashes, as nixos-17.03`,
    );
}
