import { expect, test } from 'vitest';
import { promptFaults } from './prompt.ts';

test('a prompt is a template of what a node may read, but secrets', () => {
  expect(promptFaults('Hello {{ $json.name }}, {{ $item }}')).toEqual([]);
  const [secret, unknown] = promptFaults('{{ $secrets.KEY }} {{ $jsn }}');
  expect(secret).toEqual({ path: 'text', message: expect.stringContaining('no secret may be in it') });
  expect(unknown).toEqual({ path: 'text', message: expect.stringContaining('$jsn') });
});
