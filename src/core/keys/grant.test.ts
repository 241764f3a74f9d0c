import { describe, expect, test } from 'vitest';
import { checkCovers, checkGrant, LONGEST_KEY_MS } from './grant.ts';
import { covers, KEY_ROLES, LEAST_ROLES, may, type Permission, rolesWith } from './roles.ts';

const NOW = Date.UTC(2026, 6, 1);
const HOUR = 3_600_000;
const standing = (role: (typeof KEY_ROLES)[number], expiresAt: number | null = null) => ({ role, expiresAt });

describe('roles', () => {
  test('each may what those before it may, and something more', () => {
    const permissions = Object.keys(LEAST_ROLES) as Permission[];
    const counts = KEY_ROLES.map((role) => permissions.filter((permission) => may(role, permission)).length);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(permissions.length);
    for (const [index, role] of KEY_ROLES.entries()) {
      expect(KEY_ROLES.filter((other) => covers(role, other))).toEqual(KEY_ROLES.slice(0, index + 1));
    }
  });

  test('who only views changes nothing but its own sign-in', () => {
    const permissions = (Object.keys(LEAST_ROLES) as Permission[]).filter((permission) => may('viewer', permission));
    const changing = permissions.filter((permission) => !permission.endsWith(':read'));
    expect(changing).toEqual(['public', 'sign-in:write', 'sign-in:grant']);
    expect(permissions).not.toContain('keys:read');
  });

  test('names those that have a permission', () => {
    expect(rolesWith('workflows:write')).toEqual(['editor', 'admin', 'owner']);
    expect(rolesWith('server:write')).toEqual(['owner']);
  });
});

describe('a key makes none', () => {
  test('that may more than it', () => {
    for (const role of KEY_ROLES) {
      for (const other of KEY_ROLES) {
        const make = () => checkGrant(standing(role), standing(other), NOW);
        const revoke = () => checkCovers(role, other, 'revoke');
        if (covers(role, other)) expect([make(), revoke()]).toEqual([undefined, undefined]);
        else {
          expect(make).toThrow(`A key of the role ${role} cannot make one of the role ${other}`);
          expect(revoke).toThrow(`A key of the role ${role} cannot revoke one of the role ${other}`);
        }
      }
    }
  });

  test('that lives longer than it', () => {
    const maker = standing('owner', NOW + HOUR);
    const refused = { code: 'forbidden', message: expect.stringContaining('expires at 2026-07-01T01:00:00.000Z') };
    for (const end of [null, NOW + HOUR + 1]) {
      expect(() => checkGrant(maker, standing('viewer', end), NOW)).toThrow(expect.objectContaining(refused));
    }
    checkGrant(maker, standing('viewer', NOW + HOUR), NOW);
    checkGrant(standing('owner'), standing('viewer', NOW + HOUR), NOW);
  });

  test.each([
    [NOW, 'is past'],
    [NOW + LONGEST_KEY_MS + 1, 'ten years'],
  ])('that expires at %s', (end, message) => {
    expect(() => checkGrant(standing('owner'), standing('viewer', end), NOW)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(message) }),
    );
  });
});
