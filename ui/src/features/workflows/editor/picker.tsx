/** Asks which type comes next: opened by a key, by an arrow that was let go over nothing, or by the `+` of an arrow. */
import { Dialog } from 'radix-ui';
import type { Catalog, Entry } from './catalog.ts';
import { NodeList } from './node-list.tsx';

interface PickerProps {
  readonly catalog: Catalog;
  readonly nodesOnly: boolean;
  readonly choose: (entry: Entry) => void;
  readonly close: () => void;
}

export function Picker({ catalog, nodesOnly, choose, close }: PickerProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.2)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="-translate-x-1/2 fixed top-[14vh] left-1/2 z-50 h-[56vh] w-[calc(100vw-2rem)] max-w-md overflow-hidden rounded-lg border border-line bg-raised shadow-xl"
        >
          <Dialog.Title className="sr-only">Add a node</Dialog.Title>
          <NodeList
            groups={catalog.groups}
            autoFocus
            nodesOnly={nodesOnly}
            choose={(entry) => {
              close();
              choose(entry);
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
