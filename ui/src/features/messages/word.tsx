/** A filter that is typed, and taken when it is whole: half a type is another type. */
import { Input } from '../../components/field.tsx';

interface WordProps {
  readonly label: string;
  readonly width: string;
  readonly value: string | undefined;
  readonly take: (value: string) => void;
}

export function Word({ label, width, value = '', take }: WordProps) {
  return (
    <Input
      aria-label={label}
      placeholder={label}
      className={width}
      defaultValue={value}
      onBlur={(event) => event.target.value !== value && take(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && take(event.currentTarget.value)}
    />
  );
}
