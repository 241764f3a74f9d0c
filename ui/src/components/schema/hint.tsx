/** A description out of a schema; what stands in backticks is code. */
export const Hint = ({ text }: { readonly text: string | undefined }) =>
  text?.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="font-mono">
        {part}
      </code>
    ),
  );
