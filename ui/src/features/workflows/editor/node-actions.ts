/** The entries of the menu of a node or trigger. */
import type { Execution } from '../../../../../src/contract/executions.ts';
import type { MenuItem } from '../../../components/menu.tsx';
import { bodiesOf, type Definition, mainPortOf, placeOfAddress, triggerIdOf } from '../../../graph/document.ts';
import { told } from '../copies.ts';
import type { Commands } from './commands.ts';
import type { Where } from './edit/add.ts';
import { nodeAt, splitPlace } from './edit/scopes.ts';
import type { Test } from './last-run.ts';
import type { PinsHandle } from './pins.ts';
import { readOutput } from './run-values.ts';

interface Given {
  readonly place: string;
  readonly definition: Definition;
  readonly commands: Commands;
  readonly open: (place: string | undefined) => void;
  readonly join: (place: string) => void;
  readonly pick: (where: Where | undefined) => void;
  readonly pins: PinsHandle;
  readonly run: Execution | undefined;
  readonly test: Test | undefined;
}

export function nodeActions({ place, definition, commands, open, pick, join, pins, run, test }: Given): MenuItem[] {
  const edit: MenuItem = { label: 'Edit', keys: 'Enter', run: () => open(place) };
  const remove: MenuItem = { label: 'Delete', keys: 'Del', danger: true, run: () => commands.remove([place], []) };
  const node = triggerIdOf(place) === undefined ? nodeAt(definition, place) : undefined;
  if (node === undefined) return [edit, remove];
  const { scope } = splitPlace(place);
  const isOuter = scope === '';
  const ran = run?.nodes.findLast(
    ({ path, status }) => status === 'completed' && placeOfAddress(definition, path) === place,
  );
  const pinned: MenuItem = { label: 'Unpin output', run: () => pins.unpin(place) };
  const pin: MenuItem = {
    label: 'Pin output of the last run',
    disabled: !ran,
    run: told(async () => {
      if (run && ran) pins.pin(place, await readOutput(run.id, ran));
    }),
  };
  const branches = bodiesOf(node).flatMap(({ name }) => (name === null ? [] : [name]));
  return [
    edit,
    {
      label: 'Add behind it',
      keys: 'A',
      run: () => pick({ scope, after: place, port: mainPortOf(node) }),
    },
    { label: 'Connect…', keys: 'C', run: () => join(place) },
    ...(branches.length > 0 ? [{ label: 'Add a branch', run: () => commands.addBranch(place) }] : []),
    ...branches
      .slice(branches.length > 1 ? 0 : 1)
      .map((name) => ({ label: `Remove branch ${name}`, run: () => commands.removeBranch(place, name) })),
    ...(test
      ? [
          { label: 'Test this node', operation: 'testDraft' as const, run: () => test(place, true) },
          { label: 'Run up to here', operation: 'testDraft' as const, run: () => test(place) },
        ]
      : []),
    place in pins.pins ? pinned : pin,
    { label: 'Duplicate', keys: 'Ctrl D', run: () => commands.duplicate([place]) },
    { label: 'Remove its edges', run: () => commands.isolate(place) },
    ...(isOuter ? [] : [{ label: 'Take out of the frame', run: () => commands.takeOut(place) }]),
    remove,
  ];
}
