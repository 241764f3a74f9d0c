/**
 * The web UI: files with a hash in their name are kept by browsers for ever, everything else is asked for again. Every
 * address that a browser visits and the API does not know is a page: the page itself reads the address.
 */
import { type FastifyStaticOptions, fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pages } from '../ports/pages.ts';

/** Nothing from elsewhere. Libraries set styles on elements, which is all that `unsafe-inline` allows here. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const FOR_EVER = 'public, max-age=31536000, immutable';

export async function pages(app: FastifyInstance, built: Pages): Promise<void> {
  const options: FastifyStaticOptions = {
    root: built.folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    etag: true,
  };
  await app.register(fastifyStatic, options);
  const hidden = { schema: { hide: true }, config: { permission: 'public' as const } };
  app.get<{ Params: { '*': string } }>('/assets/*', hidden, (request, reply) => {
    reply.header('cache-control', FOR_EVER);
    return reply.sendFile(`assets/${request.params['*']}`);
  });
  for (const file of ['icon.svg', 'theme.js']) {
    app.get(`/${file}`, hidden, (_, reply) => {
      reply.header('cache-control', 'no-cache');
      return reply.sendFile(file);
    });
  }
  app.get('/', hidden, (request, reply) => sendPage(request, reply, built));
}

/** A browser wants to show it, and it is no address of the API's. */
export function isPage({ method, headers, url }: FastifyRequest): boolean {
  return (
    method === 'GET' && (headers.accept ?? '').includes('text/html') && !/^\/(?:api|mcp|assets)(?:[/?]|$)/.test(url)
  );
}

export function sendPage({ url }: FastifyRequest, reply: FastifyReply, built: Pages): FastifyReply {
  reply.header('content-security-policy', POLICY).header('cache-control', 'no-cache');
  const state = built.state();
  if (state.is === 'ready') {
    // Named here, they come along with the first scripts instead of after them.
    const first = built.first(url.split('?', 1)[0]!);
    if (first.length > 0) reply.header('link', first.map(preload).join(', '));
    return reply.code(200).sendFile('index.html');
  }
  reply.code(503).type('text/html; charset=utf-8').header('retry-after', '2');
  if (state.is === 'building')
    return reply
      .header('refresh', '2')
      .send(
        note('The pages are being built', 'A few seconds, once after each update. This page shows them by itself.'),
      );
  return reply.send(
    note('The pages could not be built', 'The log of the server says why. Everything but the pages works.'),
  );
}

/** As the pages ask for it, or the browser fetches it twice. */
const preload = (file: string): string =>
  `</${file}>; ${file.endsWith('.css') ? 'rel=preload; as=style; crossorigin' : 'rel=modulepreload'}`;

const note = (title: string, text: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="dark light"><title>Myelin</title>` +
  `<body style="font:15px system-ui;max-width:34rem;margin:20vh auto;padding:0 1rem"><h1>${html(title)}</h1><p>${html(text)}</p>`;

const html = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
