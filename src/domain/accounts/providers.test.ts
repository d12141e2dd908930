import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MusterError } from '#base/errors';
import { makeProviders } from './providers.ts';

const NONE = { oidcName: 'ID', githubUrl: 'https://github.com', githubApiUrl: 'https://api.github.com' };
const REDIRECT = 'https://muster.example.org/sign-in/with/github/back';

test('there are those that the settings name; half of one is a mistake', () => {
  assert.deepEqual(makeProviders(NONE), []);
  const both = makeProviders({
    ...NONE,
    oidcIssuer: 'https://id.example.org/',
    oidcClientId: 'a',
    oidcClientSecret: 'b',
    githubClientId: 'c',
    githubClientSecret: 'd',
  });
  assert.deepEqual(
    both.map(({ id, key, label }) => [id, key, label]),
    [
      ['oidc', 'https://id.example.org', 'ID'],
      ['github', 'github', 'GitHub'],
    ],
  );
  for (const half of [
    { oidcIssuer: 'https://id.example.org' },
    { oidcClientSecret: 'x' },
    { githubClientId: 'x' },
  ])
    assert.throws(
      () => makeProviders({ ...NONE, ...half }),
      (error) => error instanceof MusterError && error.code === 'CONFIG_INVALID',
    );
});

test('another GitHub than the public one keeps its people apart', () => {
  const [other] = makeProviders({
    ...NONE,
    githubUrl: 'https://git.example.org/',
    githubClientId: 'c',
    githubClientSecret: 'd',
  });
  assert.equal(other?.key, 'github:https://git.example.org');
});

test('GitHub is asked with PKCE and a state, for nothing but who it is', async () => {
  const [github] = makeProviders({ ...NONE, githubClientId: 'c', githubClientSecret: 'd' });
  assert.ok(github !== undefined);
  const [first, second] = [await github.begin(REDIRECT), await github.begin(REDIRECT)];
  const url = new URL(first.url);
  assert.equal(`${url.origin}${url.pathname}`, 'https://github.com/login/oauth/authorize');
  assert.deepEqual([...url.searchParams.keys()].sort(), [
    'client_id',
    'code_challenge',
    'code_challenge_method',
    'redirect_uri',
    'response_type',
    'state',
  ]);
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
  assert.equal(url.searchParams.get('redirect_uri'), REDIRECT);
  assert.doesNotMatch(first.url, new RegExp(`${first.step.verifier}|${first.step.nonce}`));
  assert.notEqual(first.step.state, second.step.state);
  assert.notEqual(first.step.verifier, second.step.verifier);
});
