import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { MusterError } from '#base/errors';
import { clusterOf, refuseForeign } from './cluster.ts';
import { closedFolder } from './run-as.ts';

describe('a built-in database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-cluster-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('knows the outermost folder that nobody else can enter', () => {
    chmodSync(folder, 0o755);
    const [open, closed, inner] = ['open', 'closed', 'closed/inner'].map((name) => join(folder, name));
    for (const [path = '', mode] of [
      [open, 0o755],
      [closed, 0o700],
      [inner, 0o700],
    ] as const) {
      mkdirSync(path);
      chmodSync(path, mode);
    }
    assert.equal(closedFolder(open ?? ''), null);
    assert.equal(closedFolder(inner ?? ''), closed);
    assert.equal(closedFolder(join(closed ?? '', 'not', 'made', 'yet')), closed);
    chmodSync(closed ?? '', 0o711);
    assert.equal(closedFolder(dirname(inner ?? '')), null);
  });

  test('does not trust a folder for its socket that somebody else made', {
    skip: process.getuid?.() !== 0 && 'only root can make one for somebody else',
  }, () => {
    const cluster = { ...clusterOf(folder), sockets: join(folder, 'sockets') };
    refuseForeign(cluster);
    mkdirSync(cluster.sockets);
    refuseForeign(cluster);
    chownSync(cluster.sockets, 1234, 1234);
    assert.throws(
      () => refuseForeign(cluster),
      (error) => error instanceof MusterError && /somebody else/.test(error.message),
    );
  });
});
