/** The input of an execution as a form; what the server does not take of it is said at its field, until that is changed. */
import { useState } from 'react';
import { ProblemNote } from '../../components/problem.tsx';
import { type JsonSchema, SchemaForm } from '../../components/schema-form.tsx';
import { inputFaults } from './input-schema.ts';

interface InputFormProps {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly onUnread: (isUnread: boolean) => void;
  /** Of the last start. */
  readonly error: Error | null | undefined;
}

export function InputForm({ schema, value, onChange, onUnread, error }: InputFormProps) {
  const [told, setTold] = useState({ error, value });
  if (told.error !== error) setTold({ error, value });
  const faults = inputFaults(error);
  const isOld = told.value !== value;
  return (
    <>
      <SchemaForm schema={schema} value={value} onChange={onChange} onUnread={onUnread} {...(!isOld && { faults })} />
      {error && faults.size === 0 && <ProblemNote error={error} />}
      {faults.size > 0 && !isOld && (
        <p role="alert" className="text-bad text-xs">
          Nothing was started: mend what is marked.
        </p>
      )}
    </>
  );
}
