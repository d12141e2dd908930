import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why Debian's Dovecot cannot be started here; null where it can. */
export const NO_DOVECOT = !existsSync('/usr/sbin/dovecot')
  ? 'no /usr/sbin/dovecot: apt-get install dovecot-imapd (./muster test does)'
  : process.getuid?.() !== 0
    ? 'Dovecot is started by root alone'
    : null;

/** An IMAP server of its own, on loopback, with one mailbox of `reader`, whose password is `p@ss/w:rd,`. */
export interface Dovecot extends AsyncDisposable {
  port: number;
  /** The address of the mailbox. */
  address: string;
  /** Delivers a message as a mail server would. */
  deliver(message: Buffer): void;
  /** Makes the mailbox another one: every message gets another number. */
  renumber(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Makes a Dovecot with a configuration and a maildir of its own, and starts it. */
export async function startDovecot(): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'dovecot-'));
  chmodSync(folder, 0o755);
  const box = join(folder, 'box');
  for (const part of ['', 'cur', 'new', 'tmp']) mkdirSync(join(box, part));
  const nobody = ['-u', '-g'].map((flag) =>
    execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim(),
  ) as [string, string];
  const own = () => execFileSync('chown', ['-R', nobody.join(':'), box]);
  own();
  const port = await freePort();
  const config = join(folder, 'dovecot.conf');
  writeFileSync(
    config,
    [
      `base_dir = ${folder}/run`,
      `state_dir = ${folder}/state`,
      `log_path = ${folder}/log`,
      'protocols = imap',
      'listen = 127.0.0.1',
      'ssl = no',
      'disable_plaintext_auth = no',
      'default_internal_user = nobody',
      'default_login_user = nobody',
      'default_internal_group = nogroup',
      `first_valid_uid = 1`,
      `mail_location = maildir:${box}`,
      'service imap-login {',
      '  chroot =',
      `  inet_listener imap {\n    port = ${port}\n  }`,
      '  inet_listener imaps {\n    port = 0\n  }',
      '}',
      'service anvil {\n  chroot =\n}',
      'service stats {\n  chroot =\n}',
      'passdb {\n  driver = static\n  args = password=p@ss/w:rd,\n}',
      `userdb {\n  driver = static\n  args = uid=${nobody[0]} gid=${nobody[1]} home=${folder}/home\n}`,
      '',
    ].join('\n'),
  );
  let server: ChildProcess | null = null;
  let delivered = 0;
  const start = async () => {
    server = spawn('/usr/sbin/dovecot', ['-F', '-c', config], { stdio: 'ignore' });
    await answers(port);
  };
  const stop = async () => {
    const running = server;
    server = null;
    if (running === null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
  };
  await start();
  return {
    port,
    address: `imap://reader:${encodeURIComponent('p@ss/w:rd,')}@127.0.0.1:${port}/INBOX`,
    deliver(message) {
      delivered += 1;
      writeFileSync(join(box, 'tmp', 'one'), message);
      own();
      const name = `${1_500_000_000 + delivered}.M1P1.host`;
      execFileSync('mv', [join(box, 'tmp', 'one'), join(box, 'new', name)]);
    },
    async renumber() {
      await stop();
      for (const name of [
        'dovecot-uidlist',
        'dovecot-uidvalidity',
        'dovecot.index',
        'dovecot.index.log',
        'dovecot.index.cache',
      ])
        rmSync(join(box, name), { force: true });
      execFileSync('sh', ['-c', `rm -f '${box}'/dovecot-uidvalidity.* '${box}'/dovecot.list.*`]);
      // The number that tells mailboxes apart is made of the second in which each began.
      await sleep(1100);
      await start();
    },
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const end = (value: boolean) => {
        socket.destroy();
        resolve(value);
      };
      socket.once('data', () => end(true));
      socket.once('error', () => end(false));
      socket.setTimeout(2000, () => end(false));
    });
    if (greeted) return;
    await sleep(50);
  }
  throw new Error('Dovecot does not answer');
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
