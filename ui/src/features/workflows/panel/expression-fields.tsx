/** Fields whose value may be worked out when the node runs: a text, anything, or a value of some kind. */
import { Braces, Type } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { emptyOf, type JsonSchema } from '../../../components/schema/shape.ts';
import type { LeafProps } from '../../../components/schema-form.tsx';
import { isExpression } from './config-schema.ts';
import { ExpressionEditor } from './expression-editor.tsx';
import { JsonEditor } from './json-editor.tsx';
import { Labeled, ModeSwitch } from './labeled.tsx';
import { Preview } from './preview.tsx';

interface TextFieldProps extends LeafProps {
  readonly long: boolean;
  readonly aside?: ReactNode;
  readonly placeholder?: string;
  readonly variables?: readonly string[];
}

export function TextField({ long, aside, placeholder, variables, ...props }: TextFieldProps) {
  const { label, schema, required, value, fault, onChange } = props;
  const id = useId();
  const text = value === undefined || value === null ? '' : String(value);
  return (
    <Labeled
      id={id}
      label={label}
      required={required && text === ''}
      hint={schema.description}
      fault={fault}
      aside={aside}
    >
      <ExpressionEditor
        label={label}
        describedBy={id}
        value={text}
        isInvalid={fault !== undefined}
        multiline={long}
        {...(placeholder !== undefined && { hint: placeholder })}
        onChange={(next) => onChange(next === '' && !required ? undefined : next)}
      />
      {isExpression(text) && <Preview value={text} variables={variables} isFaulty={fault !== undefined} />}
    </Labeled>
  );
}

const ANY = [
  { id: 'text', name: 'Text or expression', icon: <Type size={11} /> },
  { id: 'json', name: 'JSON', icon: <Braces size={11} /> },
] as const;

/** A text with `{{ }}`, or JSON whose texts may have them. */
export function AnyField(props: LeafProps) {
  const { label, schema, required, value, fault, onChange } = props;
  const id = useId();
  const isJson = value !== undefined && typeof value !== 'string';
  const [chosen, setChosen] = useState<'text' | 'json'>();
  const mode = isJson ? 'json' : (chosen ?? 'text');
  const choose = (next: 'text' | 'json') => {
    setChosen(next);
    if (next === 'text' && isJson)
      onChange(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));
    if (next === 'json' && typeof value === 'string' && !isExpression(value)) onChange(parsed(value));
  };
  const aside = <ModeSwitch label={`How ${label} is written`} modes={ANY} mode={mode} choose={choose} />;
  if (mode === 'text') return <TextField {...props} long aside={aside} />;
  return (
    <Labeled id={id} label={label} hint={schema.description} fault={fault} aside={aside}>
      <JsonEditor
        label={label}
        value={value}
        onChange={(next) => onChange(next === undefined && required ? null : next)}
      />
      <Preview value={value} isFaulty={fault !== undefined} />
    </Labeled>
  );
}

/** `5` was meant as a number by who asks for JSON; what is no JSON is a text there too. */
function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? undefined : { value: text };
  }
}

const EITHER = [
  { id: 'fixed', name: 'Fixed' },
  { id: 'expression', name: 'Expression' },
] as const;

interface EitherFieldProps extends LeafProps {
  readonly fixed: JsonSchema;
  readonly plain: (schema?: JsonSchema) => ReactNode;
}

/** A number, a choice, a list of names: as it is, or worked out. */
export function EitherField({ fixed, plain, ...props }: EitherFieldProps) {
  const { label, value, required, onChange } = props;
  const [chosen, setChosen] = useState<'fixed' | 'expression'>();
  const mode = isExpression(value) ? 'expression' : value === undefined || value === '' ? (chosen ?? 'fixed') : 'fixed';
  const choose = (next: 'fixed' | 'expression') => {
    setChosen(next);
    if (next === 'fixed') return onChange(required ? emptyOf(fixed) : undefined);
    onChange(value === undefined || typeof value === 'object' ? '' : `{{ ${JSON.stringify(value)} }}`);
  };
  const aside = <ModeSwitch label={`How ${label} is given`} modes={EITHER} mode={mode} choose={choose} />;
  if (mode === 'expression') return <TextField {...props} long={false} aside={aside} placeholder="{{ }}" />;
  return (
    <div className="relative">
      {plain(fixed)}
      <span className="absolute -top-1 right-0">{aside}</span>
    </div>
  );
}
