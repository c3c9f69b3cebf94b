/** Tokens of service accounts over HTTP: made, taken, told apart, and no longer taken. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../src/core/server';
import { Tokens } from '../../../src/core/server/tokens';
import { type Served, serve } from '../../support/served';

let at: Served;
beforeAll(async () => {
  at = await serve();
  await at.call('POST', ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot' } });
  await at.call('POST', '/api/v1/namespaces/default/pods', pod('bound'));
  await at.call('POST', '/api/v1/namespaces/default/pods', pod('other', 'default'));
});
afterAll(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
});

const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
const REVIEWS = '/apis/authentication.k8s.io/v1';
const API = 'https://kubernetes.default.svc.cluster.local';
const HOUR_S = 3600;

const pod = (name: string, serviceAccountName = 'bot') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { serviceAccountName, containers: [{ name: 'c', image: 'nginx' }] },
});
const request = (spec: object = {}, account = 'bot', metadata: object = {}) =>
  at.call('POST', `${ACCOUNTS}/${account}/token`, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata,
    spec,
  });
const tokenFor = async (spec: object = {}): Promise<string> => (await request(spec)).body.status.token;
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const codeOf = async (token: string): Promise<number> =>
  (await at.call('GET', '/api/v1/namespaces/default/pods', undefined, as(token))).code;
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const review = async (token: string, more: object = {}) =>
  (
    await at.call('POST', `${REVIEWS}/tokenreviews`, {
      kind: 'TokenReview',
      apiVersion: 'authentication.k8s.io/v1',
      spec: { token, ...more },
    })
  ).body;
const uidOf = async (path: string): Promise<string> => (await at.call('GET', path)).body.metadata.uid;

describe('a token', () => {
  it('says for whom it is, by whom, and for how long', async () => {
    const uid = await uidOf(`${ACCOUNTS}/bot`);
    const { code, body } = await request();
    expect([code, body.kind, body.metadata.name, body.spec]).toEqual([
      201,
      'TokenRequest',
      'bot',
      { audiences: [API], expirationSeconds: HOUR_S, boundObjectRef: null },
    ]);
    const { iat, exp, nbf, jti, ...claims } = claimsOf(body.status.token);
    expect([exp - iat, nbf, Date.parse(body.status.expirationTimestamp) / 1000]).toEqual([HOUR_S, iat, exp]);
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims).toEqual({
      aud: [API],
      iss: API,
      sub: 'system:serviceaccount:default:bot',
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'bot', uid } },
    });
  });

  it('lets its account in, who is told who he is', async () => {
    const token = await tokenFor();
    const uid = await uidOf(`${ACCOUNTS}/bot`);
    expect(await codeOf(token)).toBe(200);
    const who = await at.call('POST', `${REVIEWS}/selfsubjectreviews`, {}, as(token));
    const userInfo = {
      username: 'system:serviceaccount:default:bot',
      uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claimsOf(token).jti}`] },
    };
    expect(who.body.status.userInfo).toEqual(userInfo);
    expect((await review(token)).status).toEqual({ authenticated: true, user: userInfo, audiences: [API] });
    await at.restart();
    expect(await codeOf(token)).toBe(200);
  });

  it('is no good where anything of it was changed, or somebody else made it', async () => {
    const token = await tokenFor();
    const [header, body = '', signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(token), sub: 'admin' })).toString('base64url');
    const foreign = new Tokens(selfSigned(Date.now()).key).sign(claimsOf(token));
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    for (const wrong of [`${header}.${forged}.${signature}`, foreign, none, `${token}x.y`, 'a.b.c', '..'])
      expect([wrong, await codeOf(wrong)]).toEqual([wrong, 401]);
    expect((await review(foreign)).status).toEqual({
      user: {},
      error: '[invalid bearer token, invalid bearer token]',
    });
  });

  it('is for its audiences only', async () => {
    const token = await tokenFor({ audiences: ['vault', 'other'] });
    expect(await codeOf(token)).toBe(401);
    expect((await review(token)).status.authenticated).toBeUndefined();
    expect((await review(token, { audiences: ['vault', 'more'] })).status).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
    });
  });

  it('goes with the object that it is bound to', async () => {
    const token = await tokenFor({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'bound' } });
    const uid = await uidOf('/api/v1/namespaces/default/pods/bound');
    const claims = claimsOf(token)['kubernetes.io'];
    expect(claims.pod).toEqual({ name: 'bound', uid });
    expect((await review(token)).status.user.extra).toMatchObject({
      'authentication.kubernetes.io/pod-name': ['bound'],
      'authentication.kubernetes.io/pod-uid': [uid],
    });
    expect(await codeOf(token)).toBe(200);
    await at.call('DELETE', '/api/v1/namespaces/default/pods/bound', { gracePeriodSeconds: 0 });
    expect(await codeOf(token)).toBe(401);
    expect((await review(token)).status.error).toContain('service account token has been invalidated');
  });

  it('goes with its account, too: one of the same name is another', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'brief' } };
    await at.call('POST', ACCOUNTS, account);
    const { token } = (await request({}, 'brief')).body.status;
    expect(await codeOf(token)).toBe(200);
    await at.call('DELETE', `${ACCOUNTS}/brief`);
    expect(await codeOf(token)).toBe(401);
    await at.call('POST', ACCOUNTS, account);
    expect(await codeOf(token)).toBe(401);
  });

  it('ends when its time is over', async () => {
    const token = await tokenFor({ expirationSeconds: 600 });
    expect(await codeOf(token)).toBe(200);
    await at.restart(async () => {
      const beside = at.beside();
      await beside.sim.advance(601_000);
      await beside.commit();
      await beside.close();
    });
    expect(await codeOf(token)).toBe(401);
    expect((await review(token)).status.error).toContain('service account token has expired');
  });
});

describe('a request for a token', () => {
  it('is refused for what makes no sense', async () => {
    const message = async (...args: Parameters<typeof request>) => {
      const { code, body } = await request(...args);
      return [code, body.message];
    };
    const invalid = 'TokenRequest.authentication.k8s.io "bot" is invalid: ';
    expect(await message({ expirationSeconds: 599 })).toEqual([
      422,
      `${invalid}spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes`,
    ]);
    expect(await message({ expirationSeconds: 2 ** 33 })).toEqual([
      422,
      `${invalid}spec.expirationSeconds: Invalid value: 8589934592: may not specify a duration larger than 2^32 seconds`,
    ]);
    expect(await message({}, 'bot', { name: 'x' })).toEqual([
      422,
      `${invalid}metadata.name: Invalid value: "x": must match the service account name if specified`,
    ]);
    expect(await message({}, 'nobody')).toEqual([404, 'serviceaccounts "nobody" not found']);
    const ref = (boundObjectRef: object) => ({ boundObjectRef: { apiVersion: 'v1', ...boundObjectRef } });
    expect(await message(ref({ kind: 'Secret', name: 'x' }))).toEqual([404, 'secrets "x" not found']);
    expect(await message(ref({ kind: 'ConfigMap', name: 'x' }))).toEqual([
      400,
      'cannot bind token to object of type /v1, Kind=ConfigMap',
    ]);
    expect(await message(ref({ kind: 'Pod', name: 'other' }))).toEqual([
      400,
      'cannot bind token for serviceaccount "bot" to pod running with serviceaccount "default"',
    ]);
    expect((await message(ref({ kind: 'Node', name: 'node-1', uid: 'old' })))[0]).toBe(409);
    expect((await at.call('GET', `${ACCOUNTS}/bot/token`)).code).toBe(405);
    expect((await request({ audiences: 'x' })).code).toBe(400);
  });
});
