/** The floor of HTTP: Fastify reads a JSON body and answers 202, with nothing behind it. Prints `{"port":N}`. */
import fastify from 'fastify';

const app = fastify();
let count = 0;

app.post('/*', (_request, reply) => {
  count += 1;
  return reply.code(202).send({ executionId: String(count) });
});

const address = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(JSON.stringify({ port: Number(new URL(address).port) }));
