import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventParser } from './event-source.ts';

test('events come out whole wherever the text was cut', () => {
  const stream =
    ': comment\n\nid: 1\nevent: a\ndata: {"a":\ndata: 1}\n\nid: 2\r\ndata:x\r\n\r\n\n\ndata: y\n\nid: 3\n: silent\n\nid: 4\ndata: lost';
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length })), (cuts) => {
      const parser = new EventParser();
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const got = edges.flatMap((to, index) => parser.push(stream.slice(edges[index - 1] ?? 0, to)));
      expect(got).toEqual([
        { id: '1', data: '{"a":\n1}' },
        { id: '2', data: 'x' },
        { id: '2', data: 'y' },
      ]);
      expect(parser.id).toBe('3');
    }),
  );
});
