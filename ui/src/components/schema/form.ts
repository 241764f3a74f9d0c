/** What the parts of a form share, and what each of them is given. */
import { type ComponentType, createContext, type ReactNode, use } from 'react';
import type { JsonSchema } from './shape.ts';

export interface LeafProps {
  /** Such as `headers.accept`; '' for the whole. */
  readonly path: string;
  readonly label: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly value: unknown;
  readonly fault: string | undefined;
  readonly onChange: (value: unknown) => void;
}

/** `open`: what is optional is shown at once, but not the parts of parts. */
export type Fold = boolean | 'open';

export interface Form {
  /** Its `$defs` are what references mean. */
  readonly root: JsonSchema;
  readonly faults: ReadonlyMap<string, string>;
  readonly leaf: ((props: LeafProps, plain: (schema?: JsonSchema) => ReactNode) => ReactNode | undefined) | undefined;
  readonly fold: Fold;
  /** A control, by an id of its own, holds a text that is no value yet. */
  readonly report: (control: string, isUnread: boolean) => void;
  /** Draws what is inside of a part. */
  readonly Part: ComponentType<LeafProps>;
}

export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = use(FormContext);
  if (form === undefined) throw new Error('A part of a form stands outside of one');
  return form;
}
