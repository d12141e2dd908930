import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why Debian's Postfix cannot be started here; null where it can. */
export const NO_POSTFIX = !existsSync('/usr/sbin/postfix')
  ? 'no /usr/sbin/postfix: apt-get install postfix (./muster test does)'
  : process.getuid?.() !== 0
    ? 'Postfix is started by root alone'
    : null;

/** A mail server of its own, on loopback. It takes mail for everybody at example.org but for `nobody-there`. */
export interface Postfix extends AsyncDisposable {
  port: number;
  /** Mails that arrived, as they are on the wire, oldest first; waits until there are so many. */
  mails(count: number): Promise<string[]>;
  stop(): void;
  start(): void;
}

/** Makes a Postfix with a configuration, a queue and a maildir of its own, and starts it. */
export async function startPostfix(): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'postfix-'));
  chmodSync(folder, 0o755);
  const [config, queue, data, box] = ['config', 'queue', 'data', 'box'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [config, queue, data, box]) mkdirSync(path);
  execFileSync('chown', ['postfix', data]);
  execFileSync('chown', ['nobody', box]);
  const nobody = execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim();
  const port = await freePort();
  const settings: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: data,
    maillog_file: join(folder, 'log'),
    maillog_file_prefixes: folder,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'mail.example.org',
    mydestination: '',
    alias_maps: '',
    alias_database: '',
    local_recipient_maps: '',
    virtual_mailbox_domains: 'example.org',
    virtual_mailbox_base: box,
    virtual_mailbox_maps: 'inline:{ { @example.org = all/ } }',
    virtual_uid_maps: `static:${nobody}`,
    virtual_gid_maps: `static:${nobody}`,
    virtual_minimum_uid: '1',
    smtpd_relay_restrictions: 'reject_unauth_destination',
    smtpd_recipient_restrictions:
      'check_recipient_access inline:{ { nobody-there@example.org = REJECT } }, permit',
  };
  writeFileSync(
    join(config, 'main.cf'),
    Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  );
  writeFileSync(
    join(config, 'master.cf'),
    [
      `127.0.0.1:${port} inet n - n - - smtpd`,
      'cleanup unix n - n - 0 cleanup',
      'qmgr unix n - n 1 1 qmgr',
      'rewrite unix - - n - - trivial-rewrite',
      'bounce unix - - n - 0 bounce',
      'defer unix - - n - 0 bounce',
      'trace unix - - n - 0 bounce',
      'error unix - - n - - error',
      'retry unix - - n - - error',
      'discard unix - - n - - discard',
      'virtual unix - n n - - virtual',
      'smtp unix - - n - - smtp',
      'anvil unix - - n - 1 anvil',
      'postlog unix-dgram n - n - 1 postlogd',
      '',
    ].join('\n'),
  );
  const command = (what: string) =>
    execFileSync('/usr/sbin/postfix', ['-c', config, what], { stdio: ['ignore', 'pipe', 'pipe'] });
  const inbox = join(box, 'all/new');
  const stop = () => {
    command('stop');
  };
  command('start');
  return {
    port,
    async mails(count) {
      for (let tries = 0; ; tries += 1) {
        const files = existsSync(inbox) ? readdirSync(inbox) : [];
        if (files.length >= count || tries > 200)
          return files
            .map((name) => readFileSync(join(inbox, name), 'utf8'))
            .sort((a, b) => (numberOf(a) < numberOf(b) ? -1 : 1));
        await sleep(50);
      }
    },
    stop,
    start: () => {
      command('start');
    },
    async [Symbol.asyncDispose]() {
      try {
        stop();
      } catch {
        // It is stopped already.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** When the sender wrote it. */
function numberOf(mail: string): number {
  return Date.parse(/^Date: (.*)$/m.exec(mail)?.[1] ?? '');
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
