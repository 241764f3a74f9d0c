import { describe, expect, test } from 'vitest';
import { KEY_ROLES } from '../../../src/core/keys/roles.ts';
import { refusalFor } from './refusal.ts';

describe('an operation is refused', () => {
  test('to those below the role that it takes, and to nobody else', () => {
    const refused = (least: (typeof KEY_ROLES)[number]) =>
      KEY_ROLES.filter((role) => refusalFor(least, role) !== undefined);
    expect(KEY_ROLES.map(refused)).toEqual(KEY_ROLES.map((_, index) => KEY_ROLES.slice(0, index)));
  });

  test('in words that say what it takes and what they have', () => {
    expect(refusalFor('editor', 'viewer')).toBe('This takes the role editor or above; your key has the role viewer.');
    expect(refusalFor('owner', 'admin')).toBe('This takes the role owner; your key has the role admin.');
  });

  test('to nobody as long as their role is not known', () => {
    expect(refusalFor('owner', undefined)).toBeUndefined();
  });
});
