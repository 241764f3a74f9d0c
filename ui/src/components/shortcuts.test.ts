import { expect, test } from 'vitest';
import { shortcutOf, shownKeys } from './shortcuts.ts';

const ALL = [
  { keys: ['a', 'Space'], does: 'add' },
  { keys: ['Ctrl A'], does: 'all' },
  { keys: ['Ctrl Z'], does: 'undo' },
  { keys: ['Shift Ctrl Z', 'Ctrl Y'], does: 'redo' },
  { keys: ['ArrowLeft'], does: 'move' },
  { keys: ['?'], does: 'list' },
];
const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
const does = (key: string, held: Partial<typeof none> = {}) => shortcutOf(ALL, { ...none, ...held, key })?.does;

test('a key does what is written at it, with what is held down', () => {
  expect(does('a')).toBe('add');
  expect(does(' ')).toBe('add');
  expect(does('a', { metaKey: true })).toBe('all');
  expect(does('z', { ctrlKey: true })).toBe('undo');
  expect(does('Z', { ctrlKey: true, shiftKey: true })).toBe('redo');
  expect(does('y', { ctrlKey: true })).toBe('redo');
  expect(does('z')).toBeUndefined();
  expect(does('a', { altKey: true })).toBeUndefined();
});

test('without Ctrl, Shift is for the shortcut to heed', () => {
  expect(does('ArrowLeft', { shiftKey: true })).toBe('move');
  expect(does('?', { shiftKey: true })).toBe('list');
});

test('they are shown as people write them', () => {
  expect(['a', 'Shift Ctrl Z', 'ArrowLeft', 'Escape', 'g then w'].map(shownKeys)).toEqual([
    'A',
    'Shift Ctrl Z',
    '←',
    'Esc',
    'G then W',
  ]);
});
