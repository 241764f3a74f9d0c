import { expect, test } from 'vitest';
import { environmentSecrets } from './environment.ts';

const secrets = environmentSecrets({ API_KEY: 'k-1', EMPTY: '' });

test.each([
  ['API_KEY', 'k-1'],
  ['EMPTY', ''],
  ['GONE', undefined],
  ['api_key', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
])('%s', async (name, value) => {
  expect(await secrets.get('project', name)).toBe(value);
});
