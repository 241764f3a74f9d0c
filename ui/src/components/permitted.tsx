/** A way to something that only some may do, such as a link to a page that makes a new one: the others do not see it. */
import type { ReactNode } from 'react';
import type { OperationId } from '../api/call.ts';
import { useRefusal } from '../api/role.ts';

interface PermittedProps {
  readonly operation: OperationId;
  readonly children: ReactNode;
}

export const Permitted = ({ operation, children }: PermittedProps) =>
  useRefusal()(operation) === undefined ? children : null;
