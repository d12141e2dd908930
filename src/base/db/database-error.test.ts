import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MusterError } from '#base/errors';
import { judgeServer } from './check-server.ts';
import { databaseError } from './database-error.ts';

const WHERE = 'the server at db.example:5432 (database muster, user muster)';

/** An error as the driver or the operating system makes it. */
function foreign(message: string, more: Record<string, unknown>): Error {
  return Object.assign(new Error(message), more);
}

describe('errors of a database', () => {
  const cases: [string, Error, string | null, RegExp?][] = [
    [
      'nobody listens',
      foreign('', { code: 'ECONNREFUSED', syscall: 'connect' }),
      'UNREACHABLE',
      /nothing listens/,
    ],
    [
      'nobody listens at any address of a name',
      new AggregateError([foreign('', { code: 'ECONNREFUSED', syscall: 'connect' })], ''),
      'UNREACHABLE',
      /nothing listens/,
    ],
    [
      'a name that is none',
      foreign('', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
      'UNREACHABLE',
      /no machine of that name/,
    ],
    ['silence', foreign('', { code: 'ETIMEDOUT', syscall: 'connect' }), 'UNREACHABLE', /does not answer/],
    ['silence, by the clock of the driver', foreign('timeout expired', {}), 'UNREACHABLE', /timeout expired/],
    [
      'a certificate of its own',
      foreign('self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'UNREACHABLE',
      /self-signed/,
    ],
    [
      'a server that was stopped',
      foreign('terminating connection', { code: '57P01' }),
      'UNREACHABLE',
      /terminating/,
    ],
    [
      'a connection that broke',
      foreign('Connection terminated unexpectedly', {}),
      'UNREACHABLE',
      /terminated/,
    ],
    ['a crowd', foreign('sorry, too many clients already', { code: '53300' }), 'UNREACHABLE', /too many/],
    ['a full disk', foreign('could not extend file', { code: '53100' }), 'REFUSED', /could not extend/],
    [
      'a wrong password',
      foreign('password authentication failed', { code: '28P01' }),
      'REFUSED',
      /password authentication/,
    ],
    [
      'a replica',
      foreign('cannot execute CREATE TABLE', { code: '25006' }),
      'UNSUITABLE',
      /can only be read/,
    ],
    [
      'a missing extension',
      foreign('extension "pg_trgm" is not available', { code: '0A000' }),
      'UNSUITABLE',
      /pg_trgm.*contrib/,
    ],
    ['a mistake of ours', foreign('syntax error', { code: '42601' }), null],
    [
      'a file that is not there',
      foreign('no such file', { code: 'ENOENT', syscall: 'open', path: '/x' }),
      null,
    ],
    ['something else', foreign('whatever', {}), null],
  ];
  for (const [name, error, kind, words = /./] of cases) {
    test(`${name}: ${kind ?? 'left as it is'}`, () => {
      const made = databaseError(error, WHERE);
      assert.equal(made?.code ?? null, kind && `DATABASE_${kind}`);
      if (made === null) return;
      assert.match(made.message, words);
      assert.ok(made.message.startsWith(WHERE));
      assert.equal(made.cause, error);
    });
  }

  test('an error that has its code keeps it', () => {
    const error = new MusterError('NOT_FOUND', 'no such issue');
    assert.equal(databaseError(error, WHERE), error);
  });
});

describe('a server', () => {
  const unsuitable = (words: RegExp) => (error: unknown) =>
    error instanceof MusterError && error.code === 'DATABASE_UNSUITABLE' && words.test(error.message);

  test('of 15 and of anything newer will do', () => {
    for (const version of [150_000, 150_018, 180_004, 210_000])
      judgeServer(WHERE, { version, encoding: 'UTF8' });
  });

  test('of 14 is too old, and is told so by its place and its version', () => {
    assert.throws(
      () => judgeServer(WHERE, { version: 140_019, encoding: 'UTF8' }),
      unsuitable(/db\.example:5432 .* is PostgreSQL 14; Muster needs 15 or newer/),
    );
  });

  test('with another encoding will not do', () => {
    assert.throws(
      () => judgeServer(WHERE, { version: 170_000, encoding: 'SQL_ASCII' }),
      unsuitable(/SQL_ASCII.*UTF8/),
    );
  });
});
