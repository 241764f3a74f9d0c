/** The parts of the load generator that a wrong figure could come from. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, AnswerReader } from '../bench/load/answer-reader.ts';
import { Histogram } from '../bench/load/histogram.ts';
import { RequestBytes } from '../bench/load/request-bytes.ts';

describe('the histogram', () => {
  test('gives each percentile within 0.1 % of the true one, and the true maximum', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1), (ms, share) => {
        const histogram = new Histogram();
        for (const value of ms) histogram.record(value);
        const exact = ms.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * ms.length)) - 1]!;
        expect(Math.abs(histogram.percentile(share) - exact)).toBeLessThanOrEqual(exact / 1000 + 0.001);
        expect(histogram.max).toBe(Math.max(...ms));
        expect(histogram.count).toBe(ms.length);
      }),
    );
  });

  test('is 0 when empty, and keeps what is beyond its range as its largest', () => {
    const histogram = new Histogram();
    expect([histogram.percentile(0.5), histogram.max]).toEqual([0, 0]);
    histogram.record(1e9);
    expect(histogram.percentile(0.5)).toBeCloseTo(2 ** 31 / 1000, 0);
  });
});

describe('the reader of answers', () => {
  const stream = [
    'HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nlocation: /x\r\n\r\nhello',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A;ext=1\r\n\r\nHTTP/1.1 500 in a body\r\n\r\n0\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
  ].join('');
  const wanted: Answer[] = [
    { status: 202, keepAlive: true },
    { status: 200, keepAlive: true },
    { status: 204, keepAlive: true },
    { status: 503, keepAlive: false },
  ];
  const read = (pieces: readonly string[]): Answer[] => {
    const answers: Answer[] = [];
    const reader = new AnswerReader((answer) => answers.push(answer));
    for (const piece of pieces) reader.push(Buffer.from(piece));
    return answers;
  };

  test('finds every answer, wherever the stream is cut', () => {
    expect(read([stream])).toEqual(wanted);
    expect(read([...stream])).toEqual(wanted);
    for (let cut = 1; cut < stream.length; cut += 1) {
      expect(read([stream.slice(0, cut), stream.slice(cut)]), `cut at ${cut}`).toEqual(wanted);
    }
  });

  test('does not answer before the last byte', () => {
    expect(read(['HTTP/1.1 202 Accepted\r\ncontent-length: 5\r\n\r\nhell'])).toEqual([]);
    expect(read(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n'])).toEqual([]);
  });

  test.each([
    'SSH-2.0-OpenSSH\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    `HTTP/1.1 200 OK\r\n${'x'.repeat(70_000)}`,
  ])('throws for %j', (text) => expect(() => read([text])).toThrow());
});

describe('the bytes of a request', () => {
  test('carry a new counter wherever it is asked for, at the same length', () => {
    const request = new RequestBytes({
      url: 'http://127.0.0.1:80/hooks/<counter>?q=ü',
      headers: { 'content-type': 'application/json', 'x-id': '<counter>' },
      body: '{"ü":"<counter>"}',
    });
    const lines = (counter: number): string[] => request.withCounter(counter).toString().split('\r\n');
    expect(lines(0)).toEqual([
      'POST /hooks/000000000000?q=ü HTTP/1.1',
      'host: 127.0.0.1:80',
      'content-length: 21',
      'content-type: application/json',
      'x-id: 000000000000',
      '',
      '{"ü":"000000000000"}',
    ]);
    expect(lines(123_456_789_012).filter((line) => line.includes('123456789012'))).toHaveLength(3);
    expect(lines(7)[6]).toBe('{"ü":"000000000007"}');
  });

  test('are those of a plain GET, and only of http', () => {
    const get = new RequestBytes({ url: 'http://example.com', method: 'GET' });
    expect(get.withCounter(1).toString()).toBe('GET / HTTP/1.1\r\nhost: example.com\r\n\r\n');
    expect(() => new RequestBytes({ url: 'https://example.com/' })).toThrow('http://');
  });
});
