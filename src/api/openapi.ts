/** The OpenAPI document, made from the table of routes, and the pages that show it; all from this host. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { TAGS } from '../contract/route.ts';
import { SIGN_IN_COOKIE } from '../contract/sign-in.ts';
import { ERRORS } from '../core/errors.ts';
import { operation } from './operation.ts';

const VERSION = '0.1.0';

/** Before any route: it collects those that come after it. */
export async function collectRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Myelin',
        description: 'A durable, event-driven workflow engine for AI agents.',
        version: VERSION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The key of a project' },
          cookie: { type: 'apiKey', in: 'cookie', name: SIGN_IN_COOKIE, description: 'Of a browser that is signed in' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key' },
        },
      },
    },
    // A webhook's path may hold slashes, which OpenAPI cannot say: there it is one parameter.
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      return { schema, url: url.replace('/webhooks/*', '/webhooks/:path') };
    },
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
}

type Document = ReturnType<typeof jsonSchemaTransformObject>;

/** Each schema comes in two forms, as it is sent and as it is answered; most are needed in one. */
function withoutUnused(document: Document): Document {
  if (!('components' in document)) return document;
  const schemas: Readonly<Record<string, unknown>> = document.components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: unknown) => {
    for (const [, id = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(id)) continue;
      used.add(id);
      follow(schemas[id] ?? null);
    }
  };
  follow({ ...document, components: null });
  const kept = Object.fromEntries(Object.entries(schemas).filter(([id]) => used.has(id)));
  return { ...document, components: { ...document.components, schemas: kept } } as Document;
}

export async function serveDocs(app: FastifyInstance): Promise<void> {
  operation(app, 'openapi', async () => ({ ...app.swagger() }));
  operation(app, 'errorPage', async ({ reply }) => {
    reply.type('text/html; charset=utf-8');
    return errorPage();
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
}

function errorPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { status, kind, meaning, mend }]) => {
    const cells = [`<code>${code}</code>`, String(status), kind, html(meaning), html(mend)];
    return `<tr id="${code}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const head = ['code', 'HTTP', 'kind', 'what it means', 'what to do'].map((name) => `<th>${name}</th>`).join('');
  return `<!doctype html><html lang="en"><title>Myelin: errors</title><h1>Errors</h1><table>${head}${rows.join('')}</table></html>`;
}

const html = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
