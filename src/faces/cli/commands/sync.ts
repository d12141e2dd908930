import { type Cli, examples } from '../program.ts';

/** What `sync` reads, in order. They stand here too so that help need not load the parsers; a test keeps them equal. */
export const SOURCE_IDS = [
  ...['debian', 'ubuntu', 'gentoo', 'redhat', 'fedora', 'suse', 'arch', 'alpine', 'mageia', 'slackware'],
  ...[
    'freebsd',
    'netbsd',
    'oracle',
    'amazon',
    'alma',
    'rocky',
    'mozilla',
    'chrome',
    'ghsa',
    'osv',
    'cve',
    'nvd',
    'kev',
    'epss',
  ],
];

/** `muster sync [SOURCE…] [--from DIR]` */
export function syncCommand({ program, run }: Cli): void {
  const command = program
    .command('sync')
    .description(
      'Read what the sources publish: from the network, or from a folder that holds the same bytes.',
    )
    .argument('[source...]', `sources to read (default: all): ${SOURCE_IDS.join(', ')}`)
    .option(
      '--from <dir>',
      'read this folder; where it has folders named like sources, each source reads its own',
    )
    .option('--accept', 'apply a batch even where it removes more than the source usually does')
    .action(run(async () => (await import('../actions/sync.ts')).sync));
  examples(command, [
    './muster sync                                   everything, from the network',
    './muster sync debian gentoo                     two sources',
    './muster sync --from ../shared/data/feeds       from a folder with a folder for each source',
  ]);
}
