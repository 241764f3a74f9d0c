/** deploy/compose.yaml without Docker: the roles are settings that the program takes, and nothing of it is left open. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../src/config/config.ts';
import { ROLES, SETTINGS } from '../src/config/settings.ts';
import { BROKERS } from '../src/testing/broker-addresses.ts';
import { ROOT } from './docs/blocks.ts';

const folder = join(ROOT, 'deploy');
const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');

/** What we write of the Compose specification, and no other key: a typing error is found here, and not by Docker. */
const schema = z.strictObject({
  name: z.string(),
  'x-myelin': z.unknown(),
  'x-environment': z.unknown(),
  services: z.record(
    z.string(),
    z.strictObject({
      image: z.string(),
      build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
      hostname: z.string().optional(),
      command: z.array(z.string()).optional(),
      restart: z.literal('unless-stopped'),
      environment: z.record(z.string(), z.string()).default({}),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      deploy: z.strictObject({ replicas: z.number() }).optional(),
      depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
      healthcheck: z.strictObject({
        test: z.tuple([z.literal('CMD'), z.string()], z.string()),
        interval: z.string(),
        start_period: z.string().optional(),
      }),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});
const { services, volumes } = schema.parse(parse(text, { merge: true }));
const all = Object.entries(services);

test('has Myelin in every role, PostgreSQL and every broker', () => {
  expect(Object.keys(services).sort()).toEqual([...ROLES, ...BROKERS, 'postgres'].sort());
});

describe.each(ROLES)('%s', (role) => {
  /** As Compose fills it in from deploy/.env. */
  const filled = Object.entries(services[role]!.environment).map(([name, value]) => [
    name,
    value.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (_, variable) =>
      variable === 'MYELIN_MASTER_KEY' ? Buffer.alloc(32, 1).toString('base64') : '0f'.repeat(24),
    ),
  ]);
  const env: Record<string, string> = Object.fromEntries(filled);

  test('has settings that the program takes', () => {
    const known = new Set<string>(Object.values(SETTINGS).map(({ name }) => name));
    expect(Object.keys(env).filter((name) => !known.has(name))).toEqual([]);
    const { roles, egressAllow } = loadConfig(env, join(folder, 'no-home'));
    expect([...roles]).toEqual([role]);
    expect(egressAllow).toEqual([...BROKERS]);
  });

  test('is built from files that are there', () => {
    const { context, dockerfile } = services[role]!.build!;
    expect(existsSync(join(folder, context, dockerfile))).toBe(true);
  });
});

test('images have an exact version', () => {
  const foreign = all.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
  expect(foreign.filter((image) => !/^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)*$/.test(image))).toEqual([]);
  expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toMatch(/^FROM node:24\.\d+\.\d+-slim$/m);
});

test('ports are on loopback, and no two on the same', () => {
  const published = all.flatMap(([, { ports }]) => ports);
  expect(published.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  const taken = published.map((port) => port.split(':')[1]);
  expect(new Set(taken).size).toBe(taken.length);
});

test('no password has a value of its own', () => {
  const places = all.flatMap(([name, { command = [], environment }]) => [
    ...Object.entries(environment).map(([variable, value]) => [`${name}.${variable}`, value] as const),
    ...command.map((value, index) => [`${name}.${command[index - 1]}`, value] as const),
  ]);
  const secret = places.filter(([place]) => /PASS|AUTH|KEY|DATABASE_URL|JAAS|--pass|--requirepass/.test(place));
  expect(secret.filter(([, value]) => !/\$\{\w+:\?see docs\/brokers\.md\}/.test(value))).toEqual([]);
  const guarded = new Set(secret.map(([place]) => place.split('.')[0]));
  expect([...guarded].sort()).toEqual(Object.keys(services).sort());
});

test('what is kept has a volume that is declared', () => {
  const used = all.flatMap(([, service]) => service.volumes.map((volume) => volume.split(':')[0]));
  expect(used.sort()).toEqual(Object.keys(volumes).sort());
  for (const name of ['postgres', ...BROKERS]) expect(services[name]!.volumes).toHaveLength(1);
});

test('deploy/.env is neither committed nor part of the image', () => {
  expect(readFileSync(join(ROOT, '.gitignore'), 'utf8')).toMatch(/^deploy\/\.env$/m);
  expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8')).toMatch(/^\*\*\/\.env$/m);
});
