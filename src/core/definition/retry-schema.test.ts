import { describe, expect, test } from 'vitest';
import { driveCatalog as catalog } from '../../testing/drive.ts';
import { definitionFaults } from './validate.ts';

const faultsOf = (document: object) =>
  definitionFaults({ name: 'test', nodes: [{ id: 'a', type: 'act' }], ...document }, catalog).map(
    (fault) => `${fault.path}: ${fault.message}`,
  );
const ofNode = (settings: object) => faultsOf({ nodes: [{ id: 'a', type: 'act', ...settings }] });
const ofRetry = (retry: object) => ofNode({ retry });

describe('a retry policy', () => {
  test.each([
    {},
    { attempts: 5, backoff: 'exponential', delay: '1s', max: '60s', jitter: true },
    { backoff: 'fixed', delay: '5m' },
    { backoff: 'list', delays: ['1s', '5s', '1m'] },
    { delays: ['0s', '1m'], attempts: 9, jitter: true },
    { retryOn: ['output_invalid', 'our_own_code'], doNotRetryOn: ['timeout'], openCircuit: 'count' },
  ])('%j is sound', (retry) => {
    expect(ofRetry(retry)).toEqual([]);
    expect(faultsOf({ settings: { retry } })).toEqual([]);
  });

  test.each([
    [{ delay: '-1s' }, 'delay: not a duration'],
    [{ delays: ['1s', '-5s'] }, 'delays[1]: not a duration'],
    [{ delays: [] }, 'delays: '],
    [{ backoff: 'list' }, 'delays: is missing'],
    [{ backoff: 'fixed', delays: ['1s'] }, 'delays: belongs to backoff list, not to fixed'],
    [{ backoff: 'list', delays: ['1s'], delay: '1s' }, 'delay: is not used beside delays'],
    [{ delays: ['1s'], max: '1s' }, 'max: is not used beside delays'],
    [{ delay: '5s', max: '1s' }, 'max: is shorter than delay (5s)'],
    [{ retryOn: ['timout'] }, 'retryOn[0]: unknown error code timout (did you mean timeout?)'],
    [{ doNotRetryOn: ['Not a code'] }, 'doNotRetryOn[0]: takes the code of an error'],
    [{ retryOn: ['timeout'], doNotRetryOn: ['timeout'] }, 'doNotRetryOn: timeout is in retryOn too'],
    [{ openCircuit: 'never' }, 'openCircuit: '],
    [{ attempts: 0 }, 'attempts: '],
    [{ tries: 3 }, 'tries: unknown field'],
  ])('%j has a fault', (retry, fault) => {
    expect(ofRetry(retry)).toEqual([expect.stringContaining(`nodes[0].retry.${fault}`)]);
    expect(faultsOf({ settings: { retry } })).toEqual([expect.stringContaining(`settings.retry.${fault}`)]);
  });
});

test('time limits are longer than nothing, and belong to nodes that make attempts', () => {
  expect(ofNode({ timeout: '30s', deadline: '10m' })).toEqual([]);
  expect(ofNode({ timeout: '0s', deadline: '0ms' })).toEqual([
    'nodes[0].timeout: takes more than 0s',
    'nodes[0].deadline: takes more than 0s',
  ]);
  expect(faultsOf({ settings: { timeout: '0s' } })).toEqual(['settings.timeout: takes more than 0s']);
  expect(faultsOf({ nodes: [{ id: 'a', type: 'transform', deadline: '1m' }] })).toEqual([
    'nodes[0].deadline: a transform node makes no attempts; set it on the nodes that act',
  ]);
});
