import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { newId } from '../testing/factories.ts';
import { createApi } from './api.ts';

const circuit = { threshold: 3, windowMs: 60_000, resetMs: 60_000 };
const parts = serverParts({ dependencies: { inFlight: 4, latencyMs: undefined, circuit } });
const HOST = 'api.example.com:443';
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const fail = (projectId: string, name: string, failures: number) =>
  parts.store.breakers.tell([{ projectId, name, calls: failures, failures, pauseMs: 0 }], circuit);
const list = async (who = key) => (await callApi(app, who, 'listCircuitBreakers')).body.items;
const reset = (name: string, who = key) => callApi(app, who, 'resetCircuitBreaker', { params: { name } });

test('circuits are listed with their state, and closed by hand', async () => {
  expect(await list()).toEqual([]);
  await fail(DEFAULT_PROJECT, HOST, 3);
  await fail(DEFAULT_PROJECT, 'model:scripted:a/b', 1);
  expect(await list()).toEqual([
    { name: HOST, state: 'open', calls: 3, failures: 3, openUntil: expect.any(String) },
    { name: 'model:scripted:a/b', state: 'closed', calls: 1, failures: 1, openUntil: null },
  ]);
  const closed = { state: 'closed', calls: 0, failures: 0, openUntil: null };
  expect(await reset(HOST)).toMatchObject({ status: 200, body: { name: HOST, ...closed } });
  expect(await reset('model:scripted:a/b')).toMatchObject({ status: 200, body: closed });
  expect(await reset('elsewhere:443')).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('those of another project are not there', async () => {
  await fail(newId(), 'foreign:443', 3);
  expect((await list()).map((one: { name: string }) => one.name)).not.toContain('foreign:443');
  expect((await reset('foreign:443')).status).toBe(404);
});

test('what this process uses is among the figures', async () => {
  const name = { projectId: DEFAULT_PROJECT, name: 'used:443' };
  await fail(DEFAULT_PROJECT, 'used:443', 3);
  await fail(DEFAULT_PROJECT, 'well:443', 1);
  const { signal } = new AbortController();
  await expect(parts.engine.dependencies?.enter(name, signal)).rejects.toMatchObject({ code: 'circuit_open' });
  await parts.engine.dependencies?.enter({ ...name, name: 'well:443' }, signal);
  const { text } = await callApi(app, key, 'metrics');
  expect(text).toContain(`myelin_circuit_state{project="${DEFAULT_PROJECT}",name="used:443"} 2`);
  expect(text).toContain(`myelin_circuit_state{project="${DEFAULT_PROJECT}",name="well:443"} 0`);
  expect(text).toContain(`myelin_dependency_in_flight{project="${DEFAULT_PROJECT}",name="well:443"} 1`);
  expect(text).toContain(`myelin_dependency_limit{project="${DEFAULT_PROJECT}",name="well:443"} 4`);
  expect(text).toContain(`myelin_dependency_waiting{project="${DEFAULT_PROJECT}",name="well:443"} 0`);
  expect(text).toContain('myelin_queue_full 0');
});
