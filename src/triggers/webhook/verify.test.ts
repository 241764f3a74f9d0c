import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import type { RequestHeaders } from './guard.ts';
import { verifySignature } from './verify.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');
const refused = expect.objectContaining({ code: 'signature_invalid' });

describe('standard', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
  const nowMs = 1_614_265_330_000;
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const body = '{"test": 2432232314}';
  const signed = (signature: string, time = '1614265330'): RequestHeaders => ({
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': signature,
  });
  const judge = (key: string, text: string, ms = nowMs): string => new Webhook(key).sign(id, new Date(ms), text);
  const check = (headers: RequestHeaders, text = body, keys: string | undefined = secret, ms = nowMs) =>
    verifySignature('standard', keys, headers, bytes(text), ms);

  test('takes the example of the specification', () => {
    check(signed('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='));
  });

  test.each(['', '{}', '{"ü":"\u{1f600}"}', 'not json', 'a'.repeat(100_000)])(
    'takes what the reference signs',
    (text) => {
      check(signed(judge(secret, text)), text);
    },
  );

  test('takes any of several signatures and secrets, so both sides can rotate', () => {
    const both = `${judge(other, body)} ${judge(secret, body)} v1a,asymmetric`;
    check(signed(both));
    check(signed(judge(secret, body)), body, `${other}\n ${secret}`);
    check(signed(judge(secret, body)), body, secret.slice('whsec_'.length));
  });

  test('takes a time up to 5 minutes off and refuses more, both ways', () => {
    const headers = signed(judge(secret, body));
    check(headers, body, secret, nowMs + 300_000);
    check(headers, body, secret, nowMs - 300_000);
    expect(() => check(headers, body, secret, nowMs + 301_000)).toThrow(refused);
    expect(() => check(headers, body, secret, nowMs - 301_000)).toThrow(refused);
  });

  test.each<[string, RequestHeaders, string?, string?]>([
    ['another body', signed(judge(secret, body)), `${body} `],
    ['another secret', signed(judge(other, body))],
    ['another time', signed(judge(secret, body), '1614265331')],
    ['another id', { ...signed(judge(secret, body)), 'webhook-id': 'msg_other' }],
    ['another version', signed(judge(secret, body).replace('v1', 'v2'))],
    ['no version', signed(judge(secret, body).slice(3))],
    ['no signature', { 'webhook-id': id, 'webhook-timestamp': '1614265330' }],
    ['no id', { ...signed(judge(secret, body)), 'webhook-id': undefined }],
    ['a time that is no number', signed(judge(secret, body), '1614265330abc')],
    ['a header sent twice', { ...signed('x'), 'webhook-signature': [judge(secret, body), judge(secret, body)] }],
    ['an empty signature', signed('v1,')],
    ['no headers', {}],
    ['an empty secret', signed(judge(secret, body)), body, ''],
    ['a blank secret', signed(judge(secret, body)), body, ' \n'],
    ['a secret that is not base64', signed(judge(secret, body)), body, 'whsec_***'],
    ['a secret without a key', signed(judge(secret, body)), body, 'whsec_'],
  ])('refuses %s', (_what, headers, text = body, key = secret) => {
    expect(() => check(headers, text, key)).toThrow(refused);
  });

  test('refuses without a secret, and with an HMAC made of the empty key', () => {
    const headers = signed(`v1,${createHmac('sha256', '').update(`${id}.1614265330.${body}`).digest('base64')}`);
    expect(() => verifySignature('standard', undefined, headers, bytes(body), nowMs)).toThrow(refused);
    expect(() => check(headers, body, 'whsec_')).toThrow(refused);
  });

  test('names neither secret nor signature in the error', () => {
    const signature = judge(other, body);
    const thrown = catchError(() => check(signed(signature)));
    expect(JSON.stringify(thrown.toInfo())).not.toContain(secret.slice(6));
    expect(thrown.message).not.toContain(signature.slice(3));
  });
});

describe('github', () => {
  const secret = "It's a Secret to Everybody";
  const body = 'Hello, World!';
  const example = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  const check = (signature: string | undefined, text = body, keys = secret) =>
    verifySignature('github', keys, { 'x-hub-signature-256': signature }, bytes(text), 0);

  test("takes the example of GitHub's documentation", () => check(example));

  test('takes either of two secrets, but never a word of a phrase', () => {
    const [old, next] = ['the-old-secret-of-2025', 'the-new-secret-of-2026'];
    check(`sha256=${hmac(old, body)}`, body, `${old} ${next}`);
    check(`sha256=${hmac(next, body)}`, body, `${old}\n${next}`);
    expect(() => check(`sha256=${hmac('a', body)}`)).toThrow(refused);
  });

  test('refuses another body, another algorithm and no signature', () => {
    expect(() => check(example, 'Hello, World?')).toThrow(refused);
    expect(() => check(`sha256=${hmac('other', body)}`)).toThrow(refused);
    expect(() => check(example.slice('sha256='.length))).toThrow(refused);
    expect(() => check(example.replace('sha256', 'sha1'))).toThrow(refused);
    expect(() => check('sha256=')).toThrow(refused);
    expect(() => check(undefined)).toThrow(refused);
  });
});

describe('stripe', () => {
  const secret = 'whsec_test_secret';
  const body = '{"id":"evt_test_webhook","object":"event"}';
  const time = 1_700_000_000;
  const right = hmac(secret, `${time}.${body}`);
  const check = (signature: string, nowMs = time * 1000) =>
    verifySignature('stripe', secret, { 'stripe-signature': signature }, bytes(body), nowMs);

  test('takes one right v1 of several, and the secret as it is written', () => {
    check(`t=${time},v1=${right},v0=${'0'.repeat(64)}`);
    check(`t=${time}, v1=${'a'.repeat(64)}, v1=${right}`);
  });

  test('refuses a wrong, unsigned, stale or future one', () => {
    expect(() => check(`t=${time},v1=${'a'.repeat(64)}`)).toThrow(refused);
    expect(() => check(`t=${time},v0=${right}`)).toThrow(refused);
    expect(() => check(`v1=${right}`)).toThrow(refused);
    expect(() => check(`t=${time + 1},v1=${right}`)).toThrow(refused);
    expect(() => check(`t=${time},v1=${right}`, (time + 301) * 1000)).toThrow(refused);
    expect(() => check(`t=${time},v1=${right}`, (time - 301) * 1000)).toThrow(refused);
  });

  test('looks at 20 signatures and no more', () => {
    const wrong = `v1=${'a'.repeat(64)},`;
    check(`t=${time},${wrong.repeat(19)}v1=${right}`);
    expect(() => check(`t=${time},${wrong.repeat(20)}v1=${right}`)).toThrow(refused);
  });
});

describe('slack', () => {
  // The example of Slack's documentation.
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const time = 1_531_420_618;
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
    '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
    '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const check = (headers: RequestHeaders, text = body, nowMs = time * 1000) =>
    verifySignature('slack', secret, headers, bytes(text), nowMs);
  const headers = { 'x-slack-request-timestamp': `${time}`, 'x-slack-signature': signature };

  test('takes the published example', () => check(headers));

  test('refuses another body, time or version, and a replay', () => {
    expect(() => check(headers, `${body}&x=1`)).toThrow(refused);
    expect(() => check({ ...headers, 'x-slack-request-timestamp': `${time + 1}` })).toThrow(refused);
    expect(() => check({ ...headers, 'x-slack-signature': signature.replace('v0', 'v1') })).toThrow(refused);
    expect(() => check(headers, body, (time + 301) * 1000)).toThrow(refused);
  });
});

describe('plain', () => {
  const body = '{"a":1}';
  const right = hmac('key', body);
  const check = (headers: RequestHeaders, header?: string) =>
    verifySignature('plain', 'key', headers, bytes(body), 0, header);

  test('takes the signature with and without its prefix, in either case, in a header of choice', () => {
    check({ 'x-signature': `sha256=${right}` });
    check({ 'x-signature': right });
    check({ 'x-signature': right.toUpperCase() });
    check({ 'x-acme-hmac': right }, 'X-Acme-Hmac');
  });

  test('refuses the rest', () => {
    expect(() => check({ 'x-signature': hmac('other', body) })).toThrow(refused);
    expect(() => check({ 'x-signature': right }, 'x-acme-hmac')).toThrow(refused);
    expect(() => check({ 'x-signature': right.slice(0, 32) })).toThrow(refused);
    expect(() => check({ 'x-signature': 'sha256=' })).toThrow(refused);
    expect(() => check({}, 'constructor')).toThrow(refused);
  });
});

function catchError(run: () => void): MyelinError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof MyelinError) return thrown;
  }
  throw new Error('nothing was thrown');
}
