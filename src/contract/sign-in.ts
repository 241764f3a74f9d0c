/** Sign-ins: browsers that act for a project by a cookie instead of a key; part of the table in routes.ts. */
import { z } from 'zod';
import { KEY_ROLES } from '../core/keys/roles.ts';
import { time } from './page.ts';
import type { Route } from './route.ts';

export const SIGN_IN_COOKIE = 'myelin_sign_in';

const secret = z.string().min(1).max(200);

const signInBody = z
  .strictObject({
    key: secret.optional().describe('An API key'),
    link: secret.optional().describe('The token of a link: what stands behind its `#`'),
  })
  .refine((body) => (body.key === undefined) !== (body.link === undefined), 'send either key or link');
export type SignInBody = z.input<typeof signInBody>;

const signedInSchema = z.object({
  projectId: z.string(),
  name: z.string().describe('Of the key that was sent, or from which the sign-in comes'),
});

const callerSchema = signedInSchema
  .extend({
    role: z.enum(KEY_ROLES).describe('Of that key: what it may'),
    via: z.enum(['key', 'browser']),
    expiresAt: time.nullable().describe('Of the key or the sign-in; null: it does not expire'),
  })
  .meta({ id: 'Caller' });
export type CallerAnswer = z.output<typeof callerSchema>;

const linkSchema = z
  .object({
    url: z.string().describe('Whoever opens it first is signed in. The token stands behind the `#`, so no log has it'),
    expiresAt: time,
  })
  .meta({ id: 'SignInLink' });
export type SignInLink = z.output<typeof linkSchema>;

export const signInRoutes = {
  signIn: {
    method: 'POST',
    path: '/api/sign-in',
    tag: 'Sign-in',
    summary: 'Sign this browser in',
    description:
      `With a key, or with a link, which serves once and for 10 minutes. Sets the cookie \`${SIGN_IN_COOKIE}\`, which ` +
      'serves for 30 days, and no longer than its key. After 10 wrong tries within a minute an address has to wait.',
    permission: 'public',
    body: signInBody,
    answers: { 200: { description: 'It is signed in', schema: signedInSchema } },
    problems: [400, 401, 415, 429, 500],
  },
  getSignIn: {
    method: 'GET',
    path: '/api/sign-in',
    tag: 'Sign-in',
    summary: 'Who am I?',
    permission: 'sign-in:read',
    answers: { 200: { description: 'Who calls', schema: callerSchema } },
  },
  signOut: {
    method: 'DELETE',
    path: '/api/sign-in',
    tag: 'Sign-in',
    summary: 'Sign this browser out',
    description: 'The cookie opens nothing any more: here at once, in other processes within a minute.',
    permission: 'sign-in:write',
    answers: { 204: { description: 'It is signed out' } },
  },
  createSignInLink: {
    method: 'POST',
    path: '/api/sign-in/links',
    tag: 'Sign-in',
    summary: 'Make a link that signs a browser in',
    description: 'Takes a key: a browser that is signed in cannot let others in.',
    permission: 'sign-in:grant',
    answers: { 200: { description: 'The link', schema: linkSchema } },
  },
} as const satisfies Record<string, Route>;
